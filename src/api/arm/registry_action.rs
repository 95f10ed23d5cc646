//! What the actions of registries take and answer.

use serde::{Deserialize, Serialize};

/// `listCredentials` and `regenerateCredential`: the admin user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegistryCredentials {
    /// The admin user's name.
    pub username: String,
    /// Its passwords, either of which works.
    pub passwords: Vec<RegistryPassword>,
}

/// One password of the admin user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegistryPassword {
    /// `password` or `password2`.
    pub name: String,
    /// The password.
    pub value: String,
}

/// `regenerateCredential`: which password to make anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegenerateCredential {
    /// `password` or `password2`.
    pub name: String,
}

/// One row of `listUsages`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistryUsage {
    /// What is counted.
    pub name: String,
    /// How much the tier includes; -1 is without limit.
    pub limit: i64,
    /// How much there is.
    pub current_value: i64,
    /// `Bytes` or `Count`.
    pub unit: String,
}

/// The answer of `listUsages`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegistryUsages {
    /// The rows.
    pub value: Vec<RegistryUsage>,
}

/// `checkNameAvailability`: the name in question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NameQuestion {
    /// The name.
    pub name: String,
    /// `Microsoft.ContainerRegistry/registries`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The group it would be in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_group_name: Option<String>,
    /// Who may have the same domain name label again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_generated_domain_name_label_scope: Option<String>,
}

/// The answer of `checkNameAvailability`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NameAnswer {
    /// The login server it would get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_login_server_name: Option<String>,
    /// Whether it can be had.
    pub name_available: bool,
    /// `AlreadyExists` or `Invalid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
