//! Attributes of tags.

use serde::{Deserialize, Serialize};

use super::ChangeableAttributes;
use crate::null::null_as_default;
use crate::oci::Digest;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TagAttributes {
    /// Its name.
    pub name: String,
    /// The manifest it names.
    pub digest: Digest,
    /// When it came to be.
    pub created_time: String,
    /// When it was last moved or changed.
    pub last_update_time: String,
    /// When it was pulled last, as far as is known; Azure does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_pull_time: Option<String>,
    /// Whether it is signed, in the sense of Docker Content Trust.
    #[serde(default)]
    pub signed: bool,
    /// Its locks.
    pub changeable_attributes: ChangeableAttributes,
}

/// The answer of `/acr/v1/NAME/_tags`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TagList {
    /// The login server.
    pub registry: String,
    /// The repository.
    pub image_name: String,
    /// Its tags.
    #[serde(default, deserialize_with = "null_as_default")]
    pub tags: Vec<TagAttributes>,
}

/// The answer of `/acr/v1/NAME/_tags/TAG`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TagAnswer {
    /// The login server.
    pub registry: String,
    /// The repository.
    pub image_name: String,
    /// The tag.
    pub tag: TagAttributes,
}

#[cfg(test)]
mod tests {
    use super::{TagAnswer, TagList};

    const TAG: &str = r#"{"name":"v1","digest":"sha256:e2ffe2ffe2ffe2ffe2ffe2ffe2ffe2ffe2ffe2ffe2ffe2ffe2ffe2ffe2ffe2ff","createdTime":"2022-03-07T23:30:52.663521Z","lastUpdateTime":"2022-03-07T23:30:52.663521Z","signed":false,"changeableAttributes":{"deleteEnabled":true,"writeEnabled":true,"readEnabled":true,"listEnabled":true}}"#;

    #[test]
    fn writes_what_azure_wrote() {
        let text = format!(
            r#"{{"registry":"contoso.azurecr.io","imageName":"hello-world","tags":[{TAG}]}}"#
        );
        let list: TagList = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&list).unwrap(), text);

        let text =
            format!(r#"{{"registry":"contoso.azurecr.io","imageName":"hello-world","tag":{TAG}}}"#);
        let answer: TagAnswer = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&answer).unwrap(), text);
    }
}
