//! The ends of operations: by the time a client asks, everything here has ended.

use axum::http::StatusCode;
use serde_json::json;

use super::{
    call::{Call, ok},
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::{
    domain::{Error, operation},
    http::answer,
};

/// How a group's end is followed.
pub(super) const SUBSCRIPTION_RESULTS: ResourceType = ResourceType {
    name: "Microsoft.Resources/subscriptions/operationresults",
    verbs: &[Verb::item("GET", Need::Token, |call| {
        Box::pin(result(call))
    })],
};

/// How a registry's end is followed.
pub(super) const REGISTRY_RESULTS: ResourceType = ResourceType {
    name: "Microsoft.ContainerRegistry/locations/operationResults",
    verbs: &[Verb::item("GET", Need::Token, |call| {
        Box::pin(result(call))
    })],
};

/// How a registry's change is followed.
pub(super) const REGISTRY_STATUSES: ResourceType = ResourceType {
    name: "Microsoft.ContainerRegistry/registries/operationStatuses",
    verbs: &[Verb::item("GET", Need::Token, |call| {
        Box::pin(status(call))
    })],
};

async fn result(call: Call) -> Answer {
    check(&call)?;
    Ok(answer::empty(StatusCode::OK))
}

async fn status(call: Call) -> Answer {
    check(&call)?;
    Ok(ok(&json!({"status": "Succeeded"})))
}

fn check(call: &Call) -> Result<(), Error> {
    if operation::is_known(call.route.name()) {
        return Ok(());
    }
    Err(Error::not_found(
        "OperationNotFound",
        format!("The operation '{}' could not be found.", call.route.name()),
    ))
}
