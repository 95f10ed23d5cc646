//! What all resources inside a registry have in common, in the order in which the service writes it.

use serde::{Deserialize, Serialize};

use super::SystemData;

/// A resource inside a registry. Nothing is required, so that one type reads what clients send and what services of any
/// age answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Resource<P> {
    /// `Microsoft.ContainerRegistry/registries/` and what it is.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The ARM id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who made it and changed it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_data: Option<SystemData>,
    /// Everything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<P>,
}
