//! A registry, its members in the order in which the service writes them.

use super::identity::Identity;
use super::policies::Policies;
use super::system_data::SystemData;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A container registry. Nothing is required, so that one type reads what clients send and what
/// services of any age answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Registry {
    /// The tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<Sku>,
    /// `Microsoft.ContainerRegistry/registries`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The ARM id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The home region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Its managed identities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Free words of the owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Map<String, Value>>,
    /// Who made it and changed it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_data: Option<SystemData>,
    /// Everything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<RegistryProperties>,
}

/// The tier of a registry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sku {
    /// `Basic`, `Standard` or `Premium`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The same once more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
}

/// What a registry is set to and what the service says of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RegistryProperties {
    /// The host name clients log in to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_server: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_date: Option<String>,
    /// How far the last change got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioning_state: Option<String>,
    /// Whether the admin user may log in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin_user_enabled: Option<bool>,
    /// From where it can be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_rule_set: Option<NetworkRuleSet>,
    /// Its policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policies: Option<Policies>,
    /// How it is encrypted at rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
    /// Whether blobs come from a host of the registry's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_endpoint_enabled: Option<bool>,
    /// Whether each region has a login server of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regional_endpoints: Option<String>,
    /// The hosts blobs come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_endpoint_host_names: Option<Vec<String>>,
    /// The login servers of the regions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regional_endpoint_host_names: Option<Vec<String>>,
    /// Which IP versions answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint_protocol: Option<String>,
    /// Private endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_endpoint_connections: Option<Vec<Value>>,
    /// Whether the public network may reach it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_network_access: Option<String>,
    /// Which trusted services pass the network rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_rule_bypass_options: Option<String>,
    /// Whether tasks pass the network rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_rule_bypass_allowed_for_tasks: Option<bool>,
    /// Whether it is spread over zones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone_redundancy: Option<String>,
    /// Whether anybody may pull.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymous_pull_enabled: Option<bool>,
    /// Whether metadata can be searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_search: Option<String>,
    /// Which role assignments count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_assignment_mode: Option<String>,
    /// Who may have the same domain name label again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_generated_domain_name_label_scope: Option<String>,
    /// Whether repositories of the cache can be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writable_cache_repos: Option<String>,
}

/// From where a registry can be reached.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NetworkRuleSet {
    /// What happens where no rule matches: `Allow` or `Deny`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_action: Option<String>,
    /// Address ranges.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_rules: Option<Vec<IpRule>>,
    /// Subnets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub virtual_network_rules: Option<Vec<VirtualNetworkRule>>,
}

/// One address range.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IpRule {
    /// `Allow`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// An address, or a range such as `10.0.0.0/8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// One subnet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VirtualNetworkRule {
    /// `Allow`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The subnet's ARM id.
    #[serde(
        rename = "virtualNetworkSubnetResourceId",
        alias = "id",
        skip_serializing_if = "Option::is_none"
    )]
    pub subnet_id: Option<String>,
}

/// How a registry is encrypted at rest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Encryption {
    /// What seals the blobs on a server of our own that has a master key; Azure says nothing of the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_key: Option<DataKeyProperties>,
    /// The customer's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_vault_properties: Option<KeyVaultProperties>,
    /// `enabled` with a key of the customer's, else `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// The key that blobs are sealed with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DataKeyProperties {
    /// How blobs are sealed.
    pub algorithm: String,
    /// The name of the master key that wraps it.
    pub master_key: String,
}

/// The customer's key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct KeyVaultProperties {
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_identifier: Option<String>,
    /// Its address with the version in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versioned_key_identifier: Option<String>,
    /// The client id of the identity that reads it, or `system`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// Whether new versions are followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_rotation_enabled: Option<bool>,
    /// When a new version was followed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_key_rotation_timestamp: Option<String>,
}
