//! `Microsoft.ContainerRegistry/registries/replications`: a registry lives in its home region alone.

use serde_json::json;

use super::{
    call::{Call, ok},
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::domain::{registry::Registries, resource};

pub(super) const TYPE: ResourceType = ResourceType {
    name: "Microsoft.ContainerRegistry/registries/replications",
    verbs: &[Verb::collection("GET", Need::Action("read"), |call| {
        Box::pin(list(call))
    })],
};

/// The list of a registry that was never replicated is empty, without its home region.
async fn list(call: Call) -> Answer {
    resource::get::<Registries>(&call.app, &call.route.resource_id()?).await?;
    Ok(ok(&json!({"value": []})))
}
