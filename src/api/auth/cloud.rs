//! What a cloud says of itself at `/metadata/endpoints`.

use serde::{Deserialize, Serialize};

/// The endpoints and suffixes of a cloud.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CloudMetadata {
    /// The cloud's name.
    pub name: String,
    /// The portal.
    pub portal: String,
    /// The management endpoint.
    pub resource_manager: String,
    /// The directory API of old.
    pub graph: String,
    /// The audience of the directory API of old.
    pub graph_audience: String,
    /// Microsoft Graph.
    pub microsoft_graph_resource_id: String,
    /// Where and how to sign in.
    pub authentication: CloudAuthentication,
    /// How the cloud names its services' hosts.
    pub suffixes: CloudSuffixes,
}

/// Where and how to sign in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CloudAuthentication {
    /// The authority.
    pub login_endpoint: String,
    /// The audiences that the management endpoint accepts.
    pub audiences: Vec<String>,
    /// The tenant to use when none is known.
    pub tenant: String,
    /// `AAD`.
    pub identity_provider: String,
}

/// How the cloud names its services' hosts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CloudSuffixes {
    /// Registries.
    pub acr_login_server: String,
    /// Storage accounts.
    pub storage: String,
    /// Key vaults.
    pub key_vault_dns: String,
    /// Databases.
    pub sql_server_hostname: String,
}
