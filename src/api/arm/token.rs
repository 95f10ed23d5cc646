//! A token: a name and up to two passwords that reach the repositories of a scope map.

use serde::{Deserialize, Serialize};

use super::Resource;

/// A token of a registry; clients log in with its name.
pub type Token = Resource<TokenProperties>;

/// What a token is set to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TokenProperties {
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_date: Option<String>,
    /// How far the last change got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioning_state: Option<String>,
    /// The scope map that says what it may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope_map_id: Option<String>,
    /// What it proves itself with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<TokenCredentials>,
    /// `enabled` or `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// What a token proves itself with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenCredentials {
    /// Its passwords, of which the answers tell everything but the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passwords: Option<Vec<TokenPassword>>,
}

/// A password of a token.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TokenPassword {
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_time: Option<String>,
    /// Until when it holds; without it, for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    /// `password1` or `password2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The password itself, told once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// `generateCredentials`: which passwords to make anew.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct GenerateCredentials {
    /// The token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_id: Option<String>,
    /// Until when they hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    /// `password1` or `password2`; without it, both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The answer of `generateCredentials`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GeneratedCredentials {
    /// The token's name.
    pub username: String,
    /// The passwords with their values.
    pub passwords: Vec<TokenPassword>,
}

#[cfg(test)]
mod tests {
    use super::{GeneratedCredentials, Token};

    #[test]
    fn reads_and_writes_what_the_service_sends() {
        let text = r#"{"type":"Microsoft.ContainerRegistry/registries/tokens","id":"/i","name":"token-4","properties":{"creationDate":"2026-01-01T00:00:00+00:00","provisioningState":"Succeeded","scopeMapId":"/m","credentials":{"passwords":[]},"status":"enabled"}}"#;
        let token: Token = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&token).unwrap(), text);
        let text = r#"{"username":"token-4","passwords":[{"creationTime":"2026-01-01T00:00:00+00:00","expiry":"2100-12-31T12:59:59+00:00","name":"password1","value":"x"}]}"#;
        let made: GeneratedCredentials = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&made).unwrap(), text);
    }
}
