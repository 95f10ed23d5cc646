//! The verbs that every resource below a group has.

use std::marker::PhantomData;

use axum::http::header;

use super::{
    call::{Call, accepted, no_content, ok, written},
    verb::{Answer, Need, Verb},
};
use crate::{
    domain::{
        operation,
        resource::{self, Asked, Kind},
    },
    http::answer,
};

/// The verbs of a kind of resource.
pub(super) struct Of<K>(PhantomData<K>);

impl<K: Kind> Of<K> {
    pub(super) const LIST: Verb =
        Verb::collection("GET", Need::Visible, |call| Box::pin(list::<K>(call)));
    pub(super) const GET: Verb =
        Verb::item("GET", Need::Action("read"), |call| Box::pin(get::<K>(call)));
    pub(super) const PUT: Verb = Verb::item("PUT", Need::Action("write"), |call| {
        Box::pin(put::<K>(call))
    });
    pub(super) const PATCH: Verb = Verb::item("PATCH", Need::Action("write"), |call| {
        Box::pin(patch::<K>(call))
    });
    /// Deletes at once.
    pub(super) const DELETE: Verb = Verb::item("DELETE", Need::Action("delete"), |call| {
        Box::pin(delete::<K>(call))
    });
    /// Deletes at once, and says so by way of an operation, as the registry provider does.
    pub(super) const DELETE_LATER: Verb = Verb::item("DELETE", Need::Action("delete"), |call| {
        Box::pin(delete_later::<K>(call))
    });
}

async fn list<K: Kind>(call: Call) -> Answer {
    let after = call.after()?;
    let asked = Asked {
        scope: &call.route.scope,
        after: after.as_deref(),
        sees: &|id| call.sees(id),
    };
    let listing = resource::list::<K>(&call.app, asked).await?;
    Ok(call.page(listing))
}

async fn get<K: Kind>(call: Call) -> Answer {
    let found = resource::get::<K>(&call.app, &call.route.resource_id()?).await?;
    let etag = format!("\"{}\"", found.revision);
    Ok(answer::header(ok(&found.body), header::ETAG, &etag))
}

async fn put<K: Kind>(call: Call) -> Answer {
    let (id, input) = (call.route.resource_id()?, call.json()?);
    let done = resource::put::<K>(&call.app, &call.caller, &id, &input, &call.condition).await?;
    Ok(written(done.is_new, &done.body))
}

async fn patch<K: Kind>(call: Call) -> Answer {
    let (id, input) = (call.route.resource_id()?, call.json()?);
    let done = resource::patch::<K>(&call.app, &call.caller, &id, &input, &call.condition).await?;
    Ok(ok(&done.body))
}

async fn delete<K: Kind>(call: Call) -> Answer {
    let id = call.route.resource_id()?;
    match resource::delete::<K>(&call.app, &id, &call.condition).await? {
        Some(_) => Ok(answer::empty(axum::http::StatusCode::OK)),
        None => Ok(no_content()),
    }
}

async fn delete_later<K: Kind>(call: Call) -> Answer {
    let id = call.route.resource_id()?;
    let Some(body) = resource::delete::<K>(&call.app, &id, &call.condition).await? else {
        return Ok(no_content());
    };
    let word = K::TYPE
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    Ok(accepted(&call.link(&format!(
        "/subscriptions/{}/providers/{}/locations/{}/operationResults/{}",
        id.subscription,
        K::TYPE.split('/').next().unwrap_or_default(),
        K::location(&body),
        operation::ended(&word)
    ))))
}
