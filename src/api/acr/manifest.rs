//! Attributes of manifests.

use serde::{Deserialize, Serialize};

use super::ChangeableAttributes;
use crate::null::null_as_default;
use crate::oci::Digest;

/// A manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestAttributes {
    /// Its digest.
    pub digest: Digest,
    /// Bytes of what it stands for.
    #[serde(default)]
    pub image_size: u64,
    /// When it was pushed.
    pub created_time: String,
    /// When it or its tags changed.
    pub last_update_time: String,
    /// When it was pulled last, as far as is known; Azure does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_pull_time: Option<String>,
    /// The processor of an image; lists have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// The system of an image; lists have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// Its media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The media type of its configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_media_type: Option<String>,
    /// The tags that name it; absent when there is none.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub tags: Vec<String>,
    /// Its locks and its quarantine.
    pub changeable_attributes: ChangeableAttributes,
    /// What a list lists.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub references: Vec<ManifestChild>,
}

/// A manifest in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestChild {
    /// Its digest.
    pub digest: Digest,
    /// The processor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// The system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
}

/// The answer of `/acr/v1/NAME/_manifests`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestList {
    /// The login server.
    pub registry: String,
    /// The repository.
    pub image_name: String,
    /// Its manifests.
    #[serde(default, deserialize_with = "null_as_default")]
    pub manifests: Vec<ManifestAttributes>,
}

/// The answer of `/acr/v1/NAME/_manifests/DIGEST`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestAnswer {
    /// The login server.
    pub registry: String,
    /// The repository.
    pub image_name: String,
    /// The manifest.
    pub manifest: ManifestAttributes,
}

#[cfg(test)]
mod tests {
    use super::{ManifestAnswer, ManifestList};

    #[test]
    fn writes_what_azure_wrote_of_an_image() {
        let image = format!(
            r#"{{"digest":"sha256:{}","imageSize":527,"createdTime":"2022-03-07T23:30:52.663521Z","lastUpdateTime":"2022-03-07T23:30:52.663521Z","architecture":"mips64le","os":"linux","mediaType":"application/vnd.docker.distribution.manifest.v2+json","tags":["v1"],"changeableAttributes":{{"deleteEnabled":true,"writeEnabled":true,"readEnabled":true,"listEnabled":true,"quarantineState":"Passed"}}}}"#,
            "02cf".repeat(16)
        );
        let text = format!(
            r#"{{"registry":"contoso.azurecr.io","imageName":"hello-world","manifests":[{image}]}}"#
        );
        let list: ManifestList = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&list).unwrap(), text);

        let untagged = text.replace(r#""tags":["v1"],"#, "");
        let list: ManifestList = serde_json::from_str(&untagged).unwrap();
        assert_eq!(serde_json::to_string(&list).unwrap(), untagged);
    }

    #[test]
    fn writes_what_azure_wrote_of_a_list() {
        let text = format!(
            r#"{{"registry":"myregistry.azurecr.io","imageName":"library/hello-world","manifest":{{"digest":"sha256:{0}","imageSize":5325,"createdTime":"2021-05-28T17:15:14.4628999Z","lastUpdateTime":"2021-05-28T17:15:14.4628999Z","mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","tags":["test-delete","test1"],"changeableAttributes":{{"deleteEnabled":true,"writeEnabled":true,"readEnabled":true,"listEnabled":true}},"references":[{{"digest":"sha256:{0}","architecture":"amd64","os":"linux"}}]}}}}"#,
            "5122".repeat(16)
        );
        let answer: ManifestAnswer = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&answer).unwrap(), text);
    }
}
