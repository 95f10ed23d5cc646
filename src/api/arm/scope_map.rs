//! A scope map: which repositories a token may touch, and how.

use serde::{Deserialize, Serialize};

use super::Resource;

/// A named list of actions on repositories.
pub type ScopeMap = Resource<ScopeMapProperties>;

/// What a scope map holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ScopeMapProperties {
    /// What its owner says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `UserDefined` or `SystemDefined`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_date: Option<String>,
    /// How far the last change got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioning_state: Option<String>,
    /// What it allows, such as `repositories/app/content/read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::ScopeMap;

    #[test]
    fn reads_and_writes_what_the_service_sends() {
        let text = r#"{"type":"Microsoft.ContainerRegistry/registries/scopeMaps","id":"/i","name":"m","properties":{"type":"UserDefined","creationDate":"2026-01-01T00:00:00+00:00","provisioningState":"Succeeded","actions":["repositories/foo/content/read"]}}"#;
        let map: ScopeMap = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&map).unwrap(), text);
    }
}
