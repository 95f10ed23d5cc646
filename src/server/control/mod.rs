//! The management endpoint: one table of resource types, one file for each.

mod call;
mod diagnostic_settings;
mod dispatch;
mod garbage;
mod generic;
mod imports;
mod managed_identities;
mod operations;
mod providers;
mod registries;
mod replications;
mod resource_groups;
mod resources;
mod role_assignments;
mod role_definitions;
mod route;
mod scope_maps;
mod subscriptions;
mod tenants;
#[cfg(test)]
mod tests;
mod tokens;
mod verb;

pub(crate) use dispatch::handle;

use verb::ResourceType;

/// Every resource type with its verbs; the order does not matter.
const TYPES: &[ResourceType] = &[
    tenants::TYPE,
    subscriptions::TYPE,
    resource_groups::TYPE,
    providers::TYPE,
    providers::OPERATIONS,
    operations::SUBSCRIPTION_RESULTS,
    operations::REGISTRY_RESULTS,
    operations::REGISTRY_STATUSES,
    registries::TYPE,
    registries::NAMES,
    garbage::TYPE,
    replications::TYPE,
    scope_maps::TYPE,
    tokens::TYPE,
    managed_identities::TYPE,
    role_assignments::TYPE,
    role_definitions::TYPE,
    diagnostic_settings::TYPE,
];
