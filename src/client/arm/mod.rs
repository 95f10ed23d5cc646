//! Azure Resource Manager: one file per resource, over one connection.

mod connection;
mod operation;
mod paging;
mod registry;
mod registry_child;
mod resource;
#[cfg(test)]
mod tests;

pub use connection::{Answer, Arm, Target};
pub use registry::Registries;
pub use registry_child::RegistryChildren;
pub use resource::{Identities, ResourceGroups, Resources, Subscriptions};
