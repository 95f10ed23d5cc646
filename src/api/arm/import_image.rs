//! What `importImage` takes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An image that a registry is to fetch for itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportImage {
    /// Where it is.
    pub source: ImportSource,
    /// What it is to be called: `repository[:tag]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_tags: Option<Vec<String>>,
    /// Repositories that are to have it without a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untagged_target_repositories: Option<Vec<String>>,
    /// `NoForce` or `Force`: whether a name may be taken from another image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Whether signatures and the like come along. Azure does not know this member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_referrers: Option<bool>,
}

/// Where an image is imported from: a registry by its id or by its address, and an image of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportSource {
    /// The ARM id of a registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// Host and port of a registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry_uri: Option<String>,
    /// Who asks there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<ImportCredentials>,
    /// `repository[:tag]` or `repository@digest`.
    pub source_image: String,
}

/// Who asks the source for an image.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportCredentials {
    /// The name; without one the password is a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The password.
    pub password: String,
}

impl fmt::Debug for ImportCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportCredentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_az_sends_and_keeps_the_password_to_itself() {
        let body = json!({
            "source": {
                "registryUri": "registry.example",
                "credentials": {"username": "me", "password": "hunter2"},
                "sourceImage": "team/app:v1",
            },
            "targetTags": ["app:v1"],
            "mode": "NoForce",
        });
        let read: ImportImage = serde_json::from_value(body.clone()).unwrap();
        assert!(!format!("{read:?}").contains("hunter2"));
        assert_eq!(serde_json::to_value(&read).unwrap(), body);
    }
}
