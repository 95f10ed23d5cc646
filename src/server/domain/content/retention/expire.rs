//! Deletes the manifests whose days without a tag are over.

use std::collections::HashMap;

use acr_api::oci::Digest;
use acr_store::{Batch, Document, Scan};
use chrono::{DateTime, TimeDelta, Utc};

use super::super::{
    Repository,
    collection::{UNTAGGED, UNTAGGED_SINCE, key},
    commit::commit,
    lock,
    manifest::{self, Found},
    repository,
};
use super::{
    group::{Fate, Group, end_of_days, is_held},
    note::{Entry, Why},
};
use crate::{
    app::App,
    domain::{
        Error, ErrorKind,
        access::{self, Registry},
        scan::Slices,
        stamp,
    },
};

/// Entries that are read at a time.
const SLICE: u32 = 200;
/// Behind all keys of a registry.
const LAST: char = char::MAX;

/// What becomes of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// The manifest was deleted, and so many with it.
    Deleted(u64),
    /// There is nothing to be done for it any more.
    Settled,
    /// Something else keeps it, which is noted when that ends; its own days are over.
    Waits,
    /// It is looked at again.
    Kept,
}

/// The manifests that something about them keeps, and when that was seen.
type Looked = HashMap<String, DateTime<Utc>>;

/// Whether any manifest may be without a tag.
pub async fn has_any(app: &App) -> Result<bool, Error> {
    Ok(next_registry(app, None).await?.is_some())
}

/// Deletes the manifests of all registries whose time has come, and tells how many there were.
pub async fn expire(app: &App) -> Result<u64, Error> {
    let (mut deleted, mut before) = (0, None);
    while let Some((registry_id, entry)) = next_registry(app, before.as_deref()).await? {
        let registry = access::by_label(app, &entry.label).await?;
        let registry = registry.filter(|registry| registry.registry_id == registry_id);
        deleted += expire_in(app, &registry_id, registry.as_deref()).await?;
        before = Some(registry_id);
    }
    Ok(deleted)
}

/// The next registry that has entries, with the first of them.
async fn next_registry(app: &App, before: Option<&str>) -> Result<Option<(String, Entry)>, Error> {
    let after = before.map(|registry_id| format!("{registry_id}/{LAST}"));
    let scan = Scan {
        collection: UNTAGGED,
        prefix: "",
        after: after.as_deref(),
        limit: 1,
    };
    let documents = app.meta().scan(scan).await?;
    let Some(document) = documents.first() else {
        return Ok(None);
    };
    let registry_id = document.key.split('/').next().unwrap_or_default();
    Ok(Some((registry_id.to_owned(), document.parse()?)))
}

/// The entries of one registry, the oldest first; one that is gone or has no such policy needs none.
async fn expire_in(
    app: &App,
    registry_id: &str,
    registry: Option<&Registry>,
) -> Result<u64, Error> {
    let kept = registry.and_then(|registry| Some((registry, registry.untagged_days()?)));
    let all = format!("{registry_id}/");
    let mut slices = Slices::new(UNTAGGED, &all, SLICE);
    let (mut deleted, mut looked) = (0, Looked::new());
    while let Some(documents) = slices.next(app).await? {
        for document in documents {
            let (Some((registry, days)), Some((since, id, digest))) = (kept, parts(&document.key))
            else {
                settle(app, &document, true).await?;
                continue;
            };
            let entry: Entry = document.parse()?;
            let end = since + TimeDelta::days(days);
            if app.now() < end {
                return Ok(deleted);
            }
            if entry.why == Why::Pushed && app.now() < end.max(since + app.settings().gc_grace) {
                continue;
            }
            let aim = Aim {
                registry,
                entry: &entry,
                days: TimeDelta::days(days),
                since,
                id,
                digest,
            };
            let verdict = aim.judge(app, &mut looked).await?;
            if let Verdict::Deleted(manifests) = verdict {
                deleted += manifests;
            }
            if verdict != Verdict::Kept {
                settle(app, &document, verdict != Verdict::Waits).await?;
            }
        }
    }
    Ok(deleted)
}

/// Time, repository and digest of an entry.
fn parts(place: &str) -> Option<(DateTime<Utc>, &str, Digest)> {
    let mut parts = place.split('/').skip(1);
    let time = parts.next()?.parse().ok()?;
    Some((time, parts.next()?, parts.next()?.parse().ok()?))
}

/// Removes an entry, unless it was written anew, and perhaps forgets its time.
async fn settle(app: &App, document: &Document, forgets_time: bool) -> Result<(), Error> {
    let mut batch = Batch::new().remove_if(UNTAGGED, &document.key, document.revision);
    let mut parts = document.key.splitn(3, '/').skip(1);
    if forgets_time && let (Some(time), Some(place)) = (parts.next(), parts.next()) {
        let last = app.meta().get(UNTAGGED_SINCE, place).await?;
        if let Some(last) = last
            && last.parse::<String>()? == time
        {
            batch = batch.remove_if(UNTAGGED_SINCE, place, last.revision);
        }
    }
    commit(app, batch).await.map(drop)
}

/// A manifest whose time has come.
struct Aim<'a> {
    registry: &'a Registry,
    entry: &'a Entry,
    days: TimeDelta,
    since: DateTime<Utc>,
    id: &'a str,
    digest: Digest,
}

impl Aim<'_> {
    async fn judge(&self, app: &App, looked: &mut Looked) -> Result<Verdict, Error> {
        let last = app
            .meta()
            .get(UNTAGGED_SINCE, &key(self.id, self.digest))
            .await?;
        let last: Option<String> = last.map(|document| document.parse()).transpose()?;
        if last != Some(stamp::with_zulu(self.since)) {
            return Ok(Verdict::Settled);
        }
        let repository = match repository::find(app, self.registry, &self.entry.name).await {
            Ok(repository) if repository.id() == self.id => repository,
            Ok(_) => return Ok(Verdict::Settled),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Verdict::Settled),
            Err(error) => return Err(error),
        };
        if lock::check_delete(repository.attributes()).is_err() {
            return Ok(Verdict::Kept);
        }
        let Some(found) = manifest::look_up(app, &repository, &self.digest).await? else {
            return Ok(Verdict::Settled);
        };
        let root = manifest::root(app, &repository, found).await?;
        if is_held(app, &repository, &root).await? {
            return Ok(match *root.digest() == self.digest {
                true => Verdict::Settled,
                false => Verdict::Waits,
            });
        }
        self.judge_group(app, &repository, root, looked).await
    }

    /// Judges what the manifest is about, which no tag and no lock keeps, with all that is about that one.
    async fn judge_group(
        &self,
        app: &App,
        repository: &Repository,
        root: Found,
        looked: &mut Looked,
    ) -> Result<Verdict, Error> {
        let end = end_of_days(app, repository, root.digest(), self.days).await?;
        // One that was never noted lost its tag before there was a policy.
        if end.is_none_or(|end| app.now() < end) {
            return Ok(Verdict::Waits);
        }
        let place = key(self.id, root.digest());
        if looked.get(&place).is_some_and(|time| self.since <= *time) {
            return Ok(Verdict::Waits);
        }
        let now = app.now();
        let group = Group::of(app, repository, self.days, root).await?;
        match group.fate(app).await? {
            Fate::Goes => remove(app, group).await,
            Fate::Waits => Ok(Verdict::Waits),
            Fate::Stays => {
                looked.insert(place, now);
                Ok(Verdict::Waits)
            }
        }
    }
}

/// Deletes a group in two steps: what comes in between keeps it, and it is looked at again.
async fn remove(app: &App, group: Group<'_>) -> Result<Verdict, Error> {
    if !group.mark(app).await? {
        return Ok(Verdict::Kept);
    }
    let Some(leaving) = group.again(app).await? else {
        return Ok(Verdict::Kept);
    };
    if !leaving.is_leaving() || leaving.fate(app).await? != Fate::Goes {
        return Ok(Verdict::Kept);
    }
    Ok(match leaving.remove(app).await? {
        Some(manifests) => Verdict::Deleted(manifests),
        None => Verdict::Kept,
    })
}
