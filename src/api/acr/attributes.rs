//! What may be changed about a repository, a tag or a manifest.

use serde::{Deserialize, Serialize};

/// The locks, and with them what only repositories or only manifests have. In an answer the four
/// locks are always there; in the body of a `PATCH` what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeableAttributes {
    /// Whether it may be deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_enabled: Option<bool>,
    /// Whether it may be overwritten; without this it may not be deleted either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write_enabled: Option<bool>,
    /// Whether it may be pulled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_enabled: Option<bool>,
    /// Whether listings show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_enabled: Option<bool>,
    /// Of repositories: whether images are prepared for fast starts; a feature that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teleport_enabled: Option<bool>,
    /// Of manifests: `Passed`, `Failed` or `Quarantined`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine_state: Option<String>,
    /// Of manifests: what the scanner found, a JSON document as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine_details: Option<String>,
}

impl ChangeableAttributes {
    /// Nothing locked: how everything begins.
    pub fn unlocked() -> Self {
        Self {
            delete_enabled: Some(true),
            write_enabled: Some(true),
            read_enabled: Some(true),
            list_enabled: Some(true),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ChangeableAttributes;

    #[test]
    fn a_change_holds_only_what_was_said() {
        for text in [
            "{}",
            r#"{"writeEnabled":false}"#,
            r#"{"quarantineState":"Failed","quarantineDetails":"{}"}"#,
        ] {
            let change: ChangeableAttributes = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&change).unwrap(), text);
        }
    }

    #[test]
    fn a_lock_is_a_boolean_and_nothing_like_one() {
        for text in [
            r#"{"writeEnabled":"false"}"#,
            r#"{"writeEnabled":0}"#,
            r#"{"quarantineState":true}"#,
            r#"{"writeEnabled":true,"writeEnabled":false}"#,
            "7",
        ] {
            assert!(
                serde_json::from_str::<ChangeableAttributes>(text).is_err(),
                "{text}"
            );
        }
    }
}
