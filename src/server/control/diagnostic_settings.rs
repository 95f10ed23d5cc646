//! `microsoft.insights/diagnosticSettings`, on any resource.

use axum::http::StatusCode;
use serde_json::json;

use super::{
    call::{Call, no_content, ok},
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::{
    domain::{Error, diagnostic_setting, registry::Registries, resource},
    http::answer,
};

pub(super) const TYPE: ResourceType = ResourceType {
    name: "Microsoft.Insights/diagnosticSettings",
    verbs: &[
        Verb::collection("GET", Need::Action("read"), |call| Box::pin(list(call))),
        Verb::item("GET", Need::Action("read"), |call| Box::pin(get(call))),
        Verb::item("PUT", Need::Action("write"), |call| Box::pin(put(call))),
        Verb::item("DELETE", Need::Action("delete"), |call| {
            Box::pin(delete(call))
        }),
    ],
};

async fn list(call: Call) -> Answer {
    let settings = diagnostic_setting::list(&call.app, &call.route.scope).await?;
    Ok(ok(&json!({"value": settings})))
}

async fn get(call: Call) -> Answer {
    let (scope, name) = (&call.route.scope, call.route.name());
    Ok(ok(&diagnostic_setting::get(&call.app, scope, name).await?))
}

async fn put(call: Call) -> Answer {
    let input = call.json()?;
    let (scope, name) = (&call.route.scope, call.route.name());
    let id = scope.parse().map_err(|_| {
        Error::invalid(
            "ResourceTypeNotSupported",
            format!("'{scope}' has no diagnostic settings."),
        )
    })?;
    resource::get::<Registries>(&call.app, &id).await?;
    Ok(ok(
        &diagnostic_setting::put(&call.app, scope, name, &input).await?
    ))
}

async fn delete(call: Call) -> Answer {
    let (scope, name) = (&call.route.scope, call.route.name());
    match diagnostic_setting::delete(&call.app, scope, name).await? {
        true => Ok(answer::empty(StatusCode::OK)),
        false => Ok(no_content()),
    }
}
