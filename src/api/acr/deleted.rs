//! What soft delete keeps: listings under `/acr/v1/_deleted`, and the request to bring back.

use serde::{Deserialize, Serialize};

use crate::null::null_as_default;
use crate::oci::Digest;

/// The answer of `/acr/v1/_deleted/_catalog`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedRepositoryList {
    /// The repositories.
    #[serde(default, deserialize_with = "null_as_default")]
    pub repositories: Vec<DeletedRepository>,
}

/// A repository that was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletedRepository {
    /// When the repository came to be.
    pub created_at: String,
    /// When it was deleted.
    pub deleted_at: String,
    /// Its name.
    pub repository: String,
}

/// The answer of `/acr/v1/_deleted/NAME/_manifests`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedManifestList {
    /// The manifests.
    #[serde(default, deserialize_with = "null_as_default")]
    pub manifests: Vec<DeletedManifest>,
}

/// A manifest that was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletedManifest {
    /// Its digest.
    pub digest: Digest,
    /// When it was deleted.
    pub deleted_at: String,
}

/// The answer of `/acr/v1/_deleted/NAME/_tags`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedTagList {
    /// The tags, by the time of their deletion: of a tag deleted twice, az takes the last entry.
    #[serde(default, deserialize_with = "null_as_default")]
    pub tags: Vec<DeletedTag>,
}

/// A tag that was deleted or moved away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletedTag {
    /// Its name.
    pub tag: String,
    /// The manifest it named.
    pub digest: Digest,
    /// When it was deleted.
    pub deleted_at: String,
}

/// The body of the request that brings a manifest back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreRequest {
    /// The tag it is to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::{DeletedManifestList, DeletedRepositoryList, DeletedTagList, RestoreRequest};

    fn writes_back<T: DeserializeOwned + Serialize>(text: &str) {
        let value: T = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), text);
    }

    #[test]
    fn writes_what_az_reads() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        writes_back::<DeletedRepositoryList>(
            r#"{"repositories":[{"createdAt":"2022-01-20T21:21:08.2268488Z","deletedAt":"2022-03-15T16:52:38.2146195Z","repository":"testrepo1"}]}"#,
        );
        writes_back::<DeletedManifestList>(&format!(
            r#"{{"manifests":[{{"digest":"{digest}","deletedAt":"2022-03-15T16:52:38.2146195Z"}}]}}"#
        ));
        writes_back::<DeletedTagList>(&format!(
            r#"{{"tags":[{{"tag":"latest","digest":"{digest}","deletedAt":"2022-03-15T16:52:38.2146195Z"}}]}}"#
        ));
        writes_back::<RestoreRequest>(r#"{"tag":"latest"}"#);
        writes_back::<RestoreRequest>("{}");
    }
}
