//! `Microsoft.ContainerRegistry/registries/scopeMaps`

use axum::http::header;

use super::{
    call::{Call, no_content, ok},
    generic::Of,
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::{
    domain::{
        resource::{self, Asked},
        scope_map::{self, ScopeMaps},
    },
    http::answer,
};

pub(super) const TYPE: ResourceType = ResourceType {
    name: scope_map::TYPE,
    verbs: &[
        Verb::collection("GET", Need::Visible, |call| Box::pin(list(call))),
        Verb::item("GET", Need::Action("read"), |call| Box::pin(get(call))),
        Verb::item("PUT", Need::Action("write"), |call| Box::pin(put(call))),
        Verb::item("PATCH", Need::Action("write"), |call| Box::pin(patch(call))),
        Verb::item("DELETE", Need::Action("delete"), |call| {
            Box::pin(delete(call))
        }),
    ],
};

async fn list(call: Call) -> Answer {
    let registry = call.route.resource_id()?;
    let after = call.after()?;
    let asked = Asked {
        scope: &registry.to_string(),
        after: after.as_deref(),
        sees: &|id| call.sees(id),
    };
    Ok(call.page(scope_map::list(&call.app, &registry, asked).await?))
}

async fn get(call: Call) -> Answer {
    let found = scope_map::get(&call.app, &call.route.resource_id()?).await?;
    let etag = format!("\"{}\"", found.revision);
    Ok(answer::header(ok(&found.body), header::ETAG, &etag))
}

/// A scope map is answered with 200 even when it is new.
async fn put(call: Call) -> Answer {
    let (id, input) = (call.route.resource_id()?, call.json()?);
    let condition = &call.condition;
    let done = resource::put::<ScopeMaps>(&call.app, &call.caller, &id, &input, condition).await?;
    Ok(ok(&done.body))
}

async fn patch(call: Call) -> Answer {
    scope_map::check_owner(call.route.name())?;
    (Of::<ScopeMaps>::PATCH.run)(call).await
}

async fn delete(call: Call) -> Answer {
    scope_map::check_owner(call.route.name())?;
    let id = call.route.resource_id()?;
    match resource::delete::<ScopeMaps>(&call.app, &id, &call.condition).await? {
        Some(_) => Ok(answer::empty(axum::http::StatusCode::OK)),
        None => Ok(no_content()),
    }
}
