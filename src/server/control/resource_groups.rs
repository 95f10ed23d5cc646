//! `Microsoft.Resources/subscriptions/resourceGroups`

use axum::http::StatusCode;

use super::{
    call::{Call, accepted, no_content, ok, written},
    resources,
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::{
    domain::{ErrorKind, group, operation, resource::Asked},
    http::answer,
};

pub(super) const TYPE: ResourceType = ResourceType {
    name: "Microsoft.Resources/subscriptions/resourceGroups",
    verbs: &[
        Verb::collection("GET", Need::Visible, |call| Box::pin(list(call))),
        Verb::item("GET", Need::Action("read"), |call| Box::pin(get(call))),
        Verb::item("HEAD", Need::Action("read"), |call| Box::pin(head(call))),
        Verb::item("PUT", Need::Action("write"), |call| Box::pin(put(call))),
        Verb::item("PATCH", Need::Action("write"), |call| Box::pin(patch(call))),
        Verb::item("DELETE", Need::Action("delete"), |call| {
            Box::pin(delete(call))
        }),
        Verb::action("resources", "GET", Need::Visible, |call| {
            Box::pin(resources::list(call))
        }),
    ],
};

async fn list(call: Call) -> Answer {
    let after = call.after()?;
    let asked = Asked {
        scope: &format!("/subscriptions/{}/resourcegroups", call.subscription()),
        after: after.as_deref(),
        sees: &|id| call.sees(id),
    };
    let listing = group::list(&call.app, asked).await?;
    Ok(call.page(listing))
}

async fn get(call: Call) -> Answer {
    let group = group::get(&call.app, &call.subscription(), call.route.name()).await?;
    Ok(ok(&group))
}

async fn head(call: Call) -> Answer {
    match group::get(&call.app, &call.subscription(), call.route.name()).await {
        Ok(_) => Ok(no_content()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Ok(answer::empty(StatusCode::NOT_FOUND))
        }
        Err(error) => Err(error),
    }
}

async fn put(call: Call) -> Answer {
    let input = call.json()?;
    let (subscription, name) = (call.subscription(), call.route.name());
    let (group, is_new) = group::put(&call.app, &subscription, name, input).await?;
    Ok(written(is_new, &group))
}

async fn patch(call: Call) -> Answer {
    let input = call.json()?;
    let (subscription, name) = (call.subscription(), call.route.name());
    Ok(ok(
        &group::patch(&call.app, &subscription, name, input).await?
    ))
}

async fn delete(call: Call) -> Answer {
    let subscription = call.subscription();
    group::delete(&call.app, &subscription, call.route.name()).await?;
    Ok(accepted(&call.link(&format!(
        "/subscriptions/{subscription}/operationresults/{}",
        operation::ended("resourcegroups")
    ))))
}
