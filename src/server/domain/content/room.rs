//! Whether a registry takes more bytes, and how many a blob can have.

use super::refusal::disallowed;
use crate::{
    app::App,
    domain::{Error, access::Registry, registry::storage_cap, usage},
};

/// The most bytes of a blob in any tier.
const MOST_BLOB_BYTES: u64 = 200 * 1024 * 1024 * 1024;

/// The most bytes that a blob can have on this server.
pub(super) fn most_blob_bytes(app: &App) -> u64 {
    match app.settings().has_tier_limits {
        true => MOST_BLOB_BYTES,
        false => u64::MAX,
    }
}

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
