//! The ends of operations: most have ended by the time a client asks, some are looked up.

use axum::http::{HeaderName, StatusCode, header};
use chrono::TimeDelta;
use serde_json::json;

use super::{
    call::{Call, accepted, ok},
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::{
    domain::{
        Error,
        operation::{self, Operation, State},
    },
    http::answer,
};

/// A pause of less than a second, as the SDKs understand it.
const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("x-ms-retry-after-ms");

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
    if let Some(operation) = operation::find(&call.app, call.route.name()).await? {
        return stage(&call, operation);
    }
    check(&call)?;
    Ok(answer::empty(StatusCode::OK))
}

async fn status(call: Call) -> Answer {
    check(&call)?;
    Ok(ok(&json!({"status": "Succeeded"})))
}

fn check(call: &Call) -> Result<(), Error> {
    if operation::is_of_ended(call.route.name()) {
        return Ok(());
    }
    Err(Error::not_found(
        "OperationNotFound",
        format!("The operation '{}' could not be found.", call.route.name()),
    ))
}

/// Azure's own pauses are ten seconds and more; what has just begun ends sooner here.
fn stage(call: &Call, operation: Operation) -> Answer {
    match operation.state {
        State::Running => {
            let again = accepted(&call.link(&call.path));
            let age = call.app.now() - operation.begun;
            Ok(match age < TimeDelta::seconds(2) {
                true => answer::header(again, RETRY_AFTER_MS, "100"),
                false => answer::header(again, header::RETRY_AFTER, "1"),
            })
        }
        State::Succeeded => Ok(ok(&json!({"status": "Succeeded"}))),
        State::Failed { code, message } => Err(Error::invalid(code, message).from_provider()),
    }
}
