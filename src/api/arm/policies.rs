//! The policies of a registry.

use serde::{Deserialize, Serialize};

/// All policies of a registry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Policies {
    /// Whether new images wait for approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quarantine_policy: Option<StatusPolicy>,
    /// Whether content is signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust_policy: Option<TrustPolicy>,
    /// How long untagged manifests stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_policy: Option<RetentionPolicy>,
    /// Whether content may leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export_policy: Option<StatusPolicy>,
    /// Whether tokens of the management endpoint are taken.
    #[serde(
        rename = "azureADAuthenticationAsArmPolicy",
        skip_serializing_if = "Option::is_none"
    )]
    pub azure_ad_authentication_as_arm_policy: Option<StatusPolicy>,
    /// How long deleted things can be had back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soft_delete_policy: Option<SoftDeletePolicy>,
}

/// A policy that is only on or off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatusPolicy {
    /// `enabled` or `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// Whether content is signed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrustPolicy {
    /// `Notary`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `enabled` or `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// How long untagged manifests stay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RetentionPolicy {
    /// Days, from 0 to 365.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// When the policy was written last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated_time: Option<String>,
    /// `enabled` or `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// How long deleted things can be had back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SoftDeletePolicy {
    /// Days, from 1 to 90.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<i64>,
    /// When the policy was written last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated_time: Option<String>,
    /// `enabled` or `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}
