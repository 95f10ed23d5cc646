//! The id under which a registry's content lies: it stays its own even when another registry takes its name later.

use acr_api::arm::{RegistryProperties, ResourceId};
use aws_lc_rs::digest;

/// The id of the registry with this ARM id that was made when its properties say.
pub(crate) fn registry_id(id: &ResourceId, properties: &RegistryProperties) -> String {
    let created = properties.creation_date.as_deref().unwrap_or_default();
    let text = format!("{} {created}", id.key());
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    let half = digest.as_ref().iter().take(16);
    half.map(|byte| format!("{byte:02x}")).collect()
}
