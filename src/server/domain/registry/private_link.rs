//! What private endpoints can reach of a registry.

use acr_api::arm::ResourceId;
use serde_json::{Value, json};

use super::{Registries, TYPE};
use crate::{
    app::App,
    domain::{Error, resource},
};

/// The rows of `privateLinkResources`: one, with a member per region.
pub async fn resources(app: &App, id: &ResourceId) -> Result<Vec<Value>, Error> {
    let registry = resource::get::<Registries>(app, id).await?.body;
    let region = registry.location.unwrap_or_default();
    Ok(vec![json!({
        "type": format!("{TYPE}/privateLinkResources"),
        "id": id.child("privateLinkResources", "registry").to_string(),
        "name": "registry",
        "properties": {
            "groupId": "registry",
            "requiredMembers": ["registry", format!("registry_data_{region}")],
            "requiredZoneNames": [format!("privatelink.{}", app.settings().domain)],
        },
    })])
}
