//! Attributes of a repository, and what is left of one that was deleted.

use serde::{Deserialize, Serialize};

use super::ChangeableAttributes;
use crate::null::null_as_default;
use crate::oci::Digest;

/// The answer of `/acr/v1/NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryAttributes {
    /// The login server.
    pub registry: String,
    /// The repository.
    pub image_name: String,
    /// When it came to be.
    pub created_time: String,
    /// When something in it changed.
    pub last_update_time: String,
    /// How many manifests it has.
    pub manifest_count: u64,
    /// How many tags it has.
    pub tag_count: u64,
    /// Its locks.
    pub changeable_attributes: ChangeableAttributes,
}

/// The answer to deleting a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryDeletion {
    /// The manifests that went with it.
    #[serde(default, deserialize_with = "null_as_default")]
    pub manifests_deleted: Vec<Digest>,
    /// The tags that went with it.
    #[serde(default, deserialize_with = "null_as_default")]
    pub tags_deleted: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::{RepositoryAttributes, RepositoryDeletion};

    #[test]
    fn writes_what_azure_wrote() {
        let text = r#"{"registry":"contoso.azurecr.io","imageName":"hello-world","createdTime":"2021-05-20T17:20:15.7887056Z","lastUpdateTime":"2021-05-20T17:20:13.9261224Z","manifestCount":10,"tagCount":1,"changeableAttributes":{"deleteEnabled":true,"writeEnabled":true,"readEnabled":true,"listEnabled":true,"teleportEnabled":false}}"#;
        let repository: RepositoryAttributes = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&repository).unwrap(), text);

        let text = format!(
            r#"{{"manifestsDeleted":["sha256:{}"],"tagsDeleted":["latest"]}}"#,
            "ab".repeat(32)
        );
        let deletion: RepositoryDeletion = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&deletion).unwrap(), text);
    }
}
