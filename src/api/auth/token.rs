//! Answers of an OAuth 2.0 / OpenID Connect token service.

use serde::{Deserialize, Serialize};

/// A token that was granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// Always `Bearer`.
    pub token_type: String,
    /// What the token is good for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Seconds until it ends.
    pub expires_in: i64,
    /// Seconds until it ends when the service is down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ext_expires_in: Option<i64>,
    /// The token.
    pub access_token: String,
    /// A token to get the next one with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Who signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// Which account and tenant it was, for MSAL's cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_info: Option<String>,
}

/// A token that was refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenErrorBody {
    /// A word of RFC 6749 §5.2 or RFC 8628 §3.5.
    pub error: String,
    /// A sentence that opens with an `AADSTS` number.
    #[serde(default)]
    pub error_description: String,
    /// The numbers alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub error_codes: Vec<i64>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// The id of the request at the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// The id that ties it to the client's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

/// How a person signs in elsewhere (RFC 8628 §3.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceCodeResponse {
    /// What the person types.
    pub user_code: String,
    /// What the client polls with.
    pub device_code: String,
    /// Where the person goes.
    pub verification_uri: String,
    /// Seconds until both codes end.
    pub expires_in: i64,
    /// Seconds between polls.
    #[serde(default = "default_interval")]
    pub interval: i64,
    /// A sentence to show.
    #[serde(default)]
    pub message: String,
}

fn default_interval() -> i64 {
    5
}

/// What a token service says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenIdConfiguration {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// Where a browser signs in.
    pub authorization_endpoint: String,
    /// Where tokens are granted.
    pub token_endpoint: String,
    /// Where device codes are given.
    pub device_authorization_endpoint: String,
    /// Its public keys.
    pub jwks_uri: String,
    /// The response types it knows.
    pub response_types_supported: Vec<String>,
    /// The response modes it knows.
    pub response_modes_supported: Vec<String>,
    /// The kinds of subject it names.
    pub subject_types_supported: Vec<String>,
    /// How it signs.
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// The scopes it knows.
    pub scopes_supported: Vec<String>,
    /// How a client may prove itself.
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// The claims it gives.
    pub claims_supported: Vec<String>,
    /// Always false.
    pub request_uri_parameter_supported: bool,
}
