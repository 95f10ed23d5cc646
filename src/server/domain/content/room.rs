//! Whether a registry takes more bytes.

use super::refusal::disallowed;
use crate::{
    app::App,
    domain::{Error, access::Registry, registry::storage_cap, usage},
};

/// Refuses more bytes for a registry that has as many as its tier can have.
pub(super) async fn check_room(app: &App, registry: &Registry) -> Result<(), Error> {
    if !app.settings().has_tier_limits {
        return Ok(());
    }
    let held = usage::recent(app, &registry.registry_id).await?;
    match held < storage_cap(&registry.resource.sku) {
        true => Ok(()),
        false => Err(disallowed()),
    }
}
