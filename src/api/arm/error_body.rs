//! The body of a refused ARM request.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `{"error": {…}}`, with `status` beside it where the registry provider answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What was refused and why.
    pub error: ErrorDetail,
    /// `Failed` on the provider's own errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// The refusal itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// A word for programs.
    #[serde(default)]
    pub code: String,
    /// A sentence for people.
    #[serde(default)]
    pub message: String,
    /// What in the request it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Refusals of the parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<ErrorDetail>,
    /// Anything else, as sent.
    #[serde(
        default,
        rename = "additionalInfo",
        skip_serializing_if = "Option::is_none"
    )]
    pub additional_info: Option<Value>,
}
