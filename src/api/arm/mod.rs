//! The words of Azure Resource Manager.

mod error_body;
mod identity;
mod import_image;
mod page;
mod policies;
mod registry;
mod registry_action;
mod registry_name;
mod resource;
mod resource_group;
mod resource_id;
mod role_assignment;
mod scope_map;
mod system_data;
mod token;

pub use error_body::{ErrorBody, ErrorDetail};
pub use identity::Identity;
pub use import_image::{ImportCredentials, ImportImage, ImportSource};
pub use page::Page;
pub use policies::{Policies, RetentionPolicy, SoftDeletePolicy, StatusPolicy, TrustPolicy};
pub use registry::{
    DataKeyProperties, Encryption, IpRule, KeyVaultProperties, NetworkRuleSet, Registry,
    RegistryProperties, Sku, VirtualNetworkRule,
};
pub use registry_action::{
    NameAnswer, NameQuestion, RegenerateCredential, RegistryCredentials, RegistryPassword,
    RegistryUsage, RegistryUsages,
};
pub use registry_name::{InvalidRegistryName, RegistryName};
pub use resource::Resource;
pub use resource_group::{ResourceGroup, ResourceGroupProperties};
pub use resource_id::{InvalidResourceId, ResourceId};
pub use role_assignment::{RoleAssignment, RoleAssignmentProperties};
pub use scope_map::{ScopeMap, ScopeMapProperties};
pub use system_data::SystemData;
pub use token::{
    GenerateCredentials, GeneratedCredentials, Token, TokenCredentials, TokenPassword,
    TokenProperties,
};

/// The api-version of the registry types that az 2.91 asks for.
pub const REGISTRY_API_VERSION: &str = "2026-09-01-preview";
/// The api-version of the generic resource list and of resource groups.
pub const RESOURCES_API_VERSION: &str = "2024-11-01";
/// The api-version of subscriptions.
pub const SUBSCRIPTIONS_API_VERSION: &str = "2022-12-01";
/// The type of a registry.
pub const REGISTRY_TYPE: &str = "Microsoft.ContainerRegistry/registries";
