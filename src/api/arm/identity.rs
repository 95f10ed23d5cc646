//! The managed identities of a resource.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Which managed identities a resource has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Identity {
    /// The principal of the system-assigned identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal_id: Option<String>,
    /// Its tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// `SystemAssigned`, `UserAssigned`, `SystemAssigned, UserAssigned` or `None`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The user-assigned ones by ARM id: `{principalId, clientId}` in answers, `{}` or null in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_assigned_identities: Option<Map<String, Value>>,
}
