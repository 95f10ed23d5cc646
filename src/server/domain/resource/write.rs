//! Writes resources of any kind: conditions, authorship, one transaction, races repeated.

use acr_api::arm::{ResourceId, SystemData};
use acr_store::Document;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Draft, Kind, collection, merge_patch,
    read::{absent, get},
};
use crate::{
    app::App,
    domain::{Error, ErrorKind, caller::Caller, diagnostic_setting, group, role, stamp},
};

/// How often a write that lost a race is tried again.
const MOST_ATTEMPTS: u32 = 10;

/// What the headers of a request demand of the stored state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Condition {
    /// `If-Match`: an etag, or `*` for any.
    pub if_match: Option<String>,
    /// `If-None-Match`: an etag, or `*` for any.
    pub if_none_match: Option<String>,
}

/// A write that is stored.
pub struct Written<B> {
    /// The body as clients see it.
    pub body: B,
    /// Whether the resource is new.
    pub is_new: bool,
}

/// The part of every body that says who wrote it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Authorship {
    system_data: Option<SystemData>,
}

impl Condition {
    fn check(&self, revision: Option<i64>) -> Result<(), Error> {
        let holds = |etag: &str| match revision {
            Some(revision) => {
                etag.trim() == "*" || etag.trim().trim_matches('"') == revision.to_string()
            }
            None => false,
        };
        let is_met = self.if_match.as_deref().is_none_or(holds)
            && !self.if_none_match.as_deref().is_some_and(holds);
        if is_met {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Precondition,
            "PreconditionFailed",
            "The condition of the request does not hold: the resource was made, changed or deleted meanwhile.",
        ))
    }
}

/// Makes or replaces a resource.
pub async fn put<K: Kind>(
    app: &App,
    caller: &Caller,
    id: &ResourceId,
    input: &Value,
    condition: &Condition,
) -> Result<Written<K::Body>, Error> {
    let group = group::require(app, id).await?;
    let id = &group::canonical(id, &group);
    for _ in 0..MOST_ATTEMPTS {
        let stored = read(app, K::TYPE, id).await?;
        condition.check(stored.as_ref().map(|document| document.revision))?;
        if let Some(written) = write::<K>(app, caller, id, stored, input.clone()).await? {
            if written.is_new {
                outlive_group::<K>(app, id).await?;
            }
            return Ok(written);
        }
    }
    Err(lost())
}

/// Changes a resource that is there.
pub async fn patch<K: Kind>(
    app: &App,
    caller: &Caller,
    id: &ResourceId,
    input: &Value,
    condition: &Condition,
) -> Result<Written<K::Body>, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let stored = read(app, K::TYPE, id).await?.ok_or_else(|| absent(id))?;
        condition.check(Some(stored.revision))?;
        let merged = merge_patch(stored.parse()?, input.clone());
        if let Some(written) = write::<K>(app, caller, id, Some(stored), merged).await? {
            return Ok(written);
        }
    }
    Err(lost())
}

/// Deletes a resource with everything inside it; gives what it was, if it was there.
pub async fn delete<K: Kind>(
    app: &App,
    id: &ResourceId,
    condition: &Condition,
) -> Result<Option<K::Body>, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let Some(stored) = read(app, K::TYPE, id).await? else {
            condition.check(None)?;
            return Ok(None);
        };
        condition.check(Some(stored.revision))?;
        let mut body: K::Body = stored.parse()?;
        let key = id.key();
        let batch = K::removal(app, id, &body).await?;
        let batch = batch.remove_if(&collection(K::TYPE), &key, stored.revision);
        let batch = diagnostic_setting::removal_below(&key, batch);
        let batch = role::removal_below(app, &key, batch).await?;
        match app.meta().commit(batch).await {
            Ok(()) => {
                K::present(app, &mut body);
                return Ok(Some(body));
            }
            Err(acr_store::Error::Precondition { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(lost())
}

/// One attempt; `None` if another write came between.
async fn write<K: Kind>(
    app: &App,
    caller: &Caller,
    id: &ResourceId,
    stored: Option<Document>,
    input: Value,
) -> Result<Option<Written<K::Body>>, Error> {
    let (current, before) = match &stored {
        Some(document) => (
            Some(document.parse()?),
            document.parse::<Authorship>()?.system_data,
        ),
        None => (None, None),
    };
    let draft = Draft {
        app,
        caller,
        id,
        input,
        current: current.as_ref(),
        system_data: stamp::system_data(before.as_ref(), caller, app.now()),
    };
    let resolved = K::resolve(draft).await.map_err(Error::from_provider)?;
    let (own, key) = (collection(K::TYPE), id.key());
    let batch = match &stored {
        Some(document) => resolved
            .batch
            .replace(&own, &key, document.revision, &resolved.body),
        None => resolved.batch.insert(&own, &key, &resolved.body),
    };
    match app.meta().commit(batch).await {
        Ok(()) => {}
        Err(acr_store::Error::Precondition { .. }) => return Ok(None),
        Err(acr_store::Error::Exists { collection, .. }) if collection == own => return Ok(None),
        Err(acr_store::Error::Exists { .. }) => return Err(K::taken(id).from_provider()),
        Err(error) => return Err(error.into()),
    }
    let mut body = resolved.body;
    K::present(app, &mut body);
    Ok(Some(Written {
        body,
        is_new: stored.is_none(),
    }))
}

/// A group may have been deleted between the look at it and the commit; then its resources are
/// gone too, and the new one must not be left behind.
async fn outlive_group<K: Kind>(app: &App, id: &ResourceId) -> Result<(), Error> {
    let Err(gone) = group::require(app, id).await else {
        return Ok(());
    };
    if get::<K>(app, id).await.is_ok() {
        Box::pin(delete::<K>(app, id, &Condition::default())).await?;
    }
    Err(gone)
}

async fn read(app: &App, kind: &str, id: &ResourceId) -> Result<Option<Document>, Error> {
    Ok(app.meta().get(&collection(kind), &id.key()).await?)
}

fn lost() -> Error {
    Error::conflict(
        "Conflict",
        "Too many other requests change the same resource at the same time. Try again.",
    )
}
