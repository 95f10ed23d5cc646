//! The words of Azure Resource Manager.

mod error_body;
mod page;
mod registry_name;
mod resource_id;

pub use error_body::{ErrorBody, ErrorDetail};
pub use page::Page;
pub use registry_name::{InvalidRegistryName, RegistryName};
pub use resource_id::{InvalidResourceId, ResourceId};

/// The api-version of the registry types that az 2.91 asks for.
pub const REGISTRY_API_VERSION: &str = "2026-09-01-preview";
/// The api-version of the generic resource list and of resource groups.
pub const RESOURCES_API_VERSION: &str = "2024-11-01";
/// The api-version of subscriptions.
pub const SUBSCRIPTIONS_API_VERSION: &str = "2022-12-01";
/// The type of a registry.
pub const REGISTRY_TYPE: &str = "Microsoft.ContainerRegistry/registries";
