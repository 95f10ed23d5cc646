//! Collections of garbage, which only servers like this one have: begun by a POST, followed at an address of their own.

use axum::http::HeaderName;

use super::{
    call::{Call, accepted, ok},
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::{
    domain::Error,
    http::answer,
    jobs::{CollectGarbage, asked},
};

const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("x-ms-retry-after-ms");
const PAUSE_MS: &str = "200";

pub(super) const TYPE: ResourceType = ResourceType {
    name: "Microsoft.ContainerRegistry/garbageCollections",
    verbs: &[
        Verb::collection("POST", Need::Action("write"), |call| Box::pin(begin(call))),
        Verb::item("GET", Need::Action("read"), |call| Box::pin(follow(call))),
    ],
};

/// A collection is about the whole server, so only who may change all of it may ask for one.
fn check_scope(call: &Call) -> Result<(), Error> {
    let subscription = format!("/subscriptions/{}", call.subscription());
    match call.route.scope.eq_ignore_ascii_case(&subscription) {
        true => Ok(()),
        false => Err(Error::not_found(
            "InvalidResourceType",
            "Collections of garbage are begun and followed below a subscription.",
        )),
    }
}

async fn begin(call: Call) -> Answer {
    check_scope(&call)?;
    let job = CollectGarbage {
        is_dry_run: call.parameter("dryRun") == Some("true"),
    };
    let id = asked::begin(&call.app, job).await?;
    let path = format!("{}/{id}", call.path.trim_end_matches('/'));
    Ok(answer::header(
        accepted(&call.link(&path)),
        RETRY_AFTER_MS,
        PAUSE_MS,
    ))
}

async fn follow(call: Call) -> Answer {
    check_scope(&call)?;
    let id = call.route.name();
    match asked::find(&call.app, id).await? {
        Some(asked::State::Running { .. }) => {
            let again = accepted(&call.link(&call.path));
            Ok(answer::header(again, RETRY_AFTER_MS, PAUSE_MS))
        }
        Some(asked::State::Done(report)) => Ok(ok(&report)),
        Some(asked::State::Failed(reason)) => Err(Error::conflict("CollectionFailed", reason)),
        None => Err(Error::not_found(
            "CollectionNotFound",
            format!("The collection '{id}' could not be found."),
        )),
    }
}
