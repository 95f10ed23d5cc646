//! Refuses settings that do not go with what a registry already has: its bytes and its replicas.

use acr_api::arm::{Registry, ResourceId};

use super::{TYPE, choice::refuse, registry_id, tier::storage_cap};
use crate::{
    app::App,
    domain::{Error, resource::collection, usage},
};

/// Checks the settings a registry is to have.
pub(super) async fn check(app: &App, id: &ResourceId, wanted: &Registry) -> Result<(), Error> {
    let properties = wanted.properties.clone().unwrap_or_default();
    let policies = properties.policies.clone().unwrap_or_default();
    let soft_delete = policies.soft_delete_policy.unwrap_or_default();
    if soft_delete.status.as_deref() == Some("enabled") && is_replicated(app, id).await? {
        return Err(refuse(
            "properties.policies.softDeletePolicy",
            "The soft delete policy cannot be enabled while the registry is replicated.",
        ));
    }
    if !app.settings().has_tier_limits {
        return Ok(());
    }
    let held = usage::size(app, &registry_id(id, &properties)).await?;
    match held <= storage_cap(&wanted.sku) {
        true => Ok(()),
        false => Err(refuse(
            "sku.name",
            format!("The registry holds {held} bytes, which is more than this SKU allows."),
        )),
    }
}

async fn is_replicated(app: &App, id: &ResourceId) -> Result<bool, Error> {
    let replications = collection(&format!("{TYPE}/replications"));
    let prefix = format!("{}/", id.key());
    Ok(app.meta().count(&replications, &prefix).await? > 0)
}
