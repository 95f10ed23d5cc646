//! Deletes the manifests whose days without a tag are over.

use acr_api::oci::Digest;
use acr_store::{Batch, Document, Scan};
use chrono::{DateTime, TimeDelta, Utc};

use super::super::{
    Repository, blob,
    collection::{MANIFEST, TAG_OF, UNTAGGED, UNTAGGED_SINCE, key},
    commit::commit,
    lock,
    manifest::{self, Found},
    repository,
};
use super::note::{Entry, Why};
use crate::{
    app::App,
    domain::{
        Error, ErrorKind,
        access::{self, Registry},
        scan::Slices,
    },
};

/// Entries that are read at a time.
const SLICE: u32 = 200;
/// Behind all keys of a registry.
const LAST: char = char::MAX;

/// What becomes of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// The manifest was deleted, and the entry with it.
    Deleted,
    /// There is nothing to be done for it any more.
    Settled,
    /// It is looked at again.
    Kept,
}

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
    let mut deleted = 0;
    while let Some(documents) = slices.next(app).await? {
        for document in documents {
            let Some((registry, days)) = kept else {
                settle(app, &document).await?;
                continue;
            };
            let Some((since, id, digest)) = parts(&document.key) else {
                settle(app, &document).await?;
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
                document: &document,
                id,
                digest,
            };
            match aim.judge(app).await? {
                Verdict::Deleted => deleted += 1,
                Verdict::Settled => settle(app, &document).await?,
                Verdict::Kept => {}
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

/// Removes an entry, unless it was written anew.
async fn settle(app: &App, document: &Document) -> Result<(), Error> {
    let batch = Batch::new().remove_if(UNTAGGED, &document.key, document.revision);
    commit(app, batch).await.map(drop)
}

/// A manifest whose time has come.
struct Aim<'a> {
    registry: &'a Registry,
    entry: &'a Entry,
    document: &'a Document,
    id: &'a str,
    digest: Digest,
}

impl Aim<'_> {
    async fn judge(&self, app: &App) -> Result<Verdict, Error> {
        let place = key(self.id, self.digest);
        let last = app.meta().get(UNTAGGED_SINCE, &place).await?;
        let last: Option<String> = last.map(|document| document.parse()).transpose()?;
        let time = self.document.key.split('/').nth(1);
        if last.as_deref() != time {
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
        let is_locked = lock::check_delete(&found.record.attributes).is_err();
        if is_locked || is_kept(app, &repository, &found).await? {
            return Ok(Verdict::Settled);
        }
        match mark(app, &repository, found).await? {
            Some(leaving) => self.remove(app, &repository, leaving).await,
            None => Ok(Verdict::Kept),
        }
    }

    /// The second step: looks again, and deletes the manifest exactly as it was marked, with what is about it.
    async fn remove(
        &self,
        app: &App,
        repository: &Repository,
        leaving: Found,
    ) -> Result<Verdict, Error> {
        if is_kept(app, repository, &leaving).await? {
            return Ok(Verdict::Kept);
        }
        let batch = match manifest::plan_removal(app, repository, leaving).await {
            Ok(batch) => batch,
            // Something that is about it is locked.
            Err(error) if error.kind() == ErrorKind::MethodNotAllowed => {
                return Ok(Verdict::Kept);
            }
            Err(error) => return Err(error),
        };
        let batch = batch
            .remove_if(UNTAGGED, &self.document.key, self.document.revision)
            .remove(UNTAGGED_SINCE, &key(self.id, self.digest));
        match commit(app, batch).await? {
            true => Ok(Verdict::Deleted),
            false => Ok(Verdict::Kept),
        }
    }
}

/// The first step: the manifest is leaving. A push of a list that names it takes that back; `None` if it was written by
/// somebody else.
pub(super) async fn mark(
    app: &App,
    repository: &Repository,
    found: Found,
) -> Result<Option<Found>, Error> {
    let leaving = found.leaving();
    let place = key(repository.id(), found.digest());
    let batch = Batch::new().replace(MANIFEST, &place, found.revision, &leaving);
    if !commit(app, batch).await? {
        return Ok(None);
    }
    let again = manifest::look_up(app, repository, found.digest()).await?;
    Ok(again.filter(Found::is_leaving))
}

/// Whether a tag, a list, or a manifest that it is about keeps a manifest.
async fn is_kept(app: &App, repository: &Repository, found: &Found) -> Result<bool, Error> {
    let scan = Scan {
        collection: TAG_OF,
        prefix: &format!("{}/", key(repository.id(), found.digest())),
        after: None,
        limit: 1,
    };
    if !app.meta().scan(scan).await?.is_empty() {
        return Ok(true);
    }
    if blob::is_needed(app, repository.id(), found.digest()).await? {
        return Ok(true);
    }
    match found.record.subject {
        Some(subject) => {
            let subject = manifest::look_up(app, repository, &subject).await?;
            Ok(subject.is_some())
        }
        None => Ok(false),
    }
}
