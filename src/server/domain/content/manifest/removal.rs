//! Removes manifests and the tags that name them, so many by one batch that nobody else has to wait long.

use std::collections::BTreeSet;

use acr_store::Batch;

use super::super::{
    Repository,
    collection::{
        MANIFEST, MANIFEST_BY_TIME, MANIFEST_CONTENT, MANIFEST_REFERENCE, REFERRER, UNTAGGED_SINCE,
        key, key3,
    },
    commit::commit,
    deleted,
    page::remember,
    retention::{self, Why},
    tag::{self, Tagged},
};
use super::{
    burial::{self, bury, has_other},
    record::{Found, Record, content},
};
use crate::{
    app::App,
    domain::{Error, ErrorKind},
};

/// How many manifests and tags one batch removes or marks.
pub(in super::super) const AT_ONCE: usize = 200;

/// How many manifests go out of sight at once.
const MOST_DYING: usize = 1000;

/// Deletes a group of manifests, of which the first is what the others are about, with their tags, some of which are
/// known: at once, however many tags there are. False if what is left has to be looked at again, because somebody else
/// came in between or there are too many manifests; then what is about others goes first.
pub(in super::super) async fn remove(
    app: &App,
    repository: &Repository,
    group: &[Found],
    tags: &[Tagged],
) -> Result<bool, Error> {
    if repository.record.dying.is_some() {
        bury(app, repository).await?;
        return Ok(false);
    }
    let all = group.iter().map(|found| *found.digest()).collect();
    let is_small = group.len() + tags.len() <= AT_ONCE;
    if is_small && has_other(app, repository.id(), &all).await? {
        let batch = at_once(app, repository, group, tags).await?;
        let is_removed = commit(app, batch).await?;
        if is_removed {
            retire_if_bare(app, repository).await?;
        }
        return Ok(is_removed);
    }
    let last = group.chunks(MOST_DYING).last().unwrap_or_default();
    if !commit(app, burial::begin(app, repository, last)).await? {
        return Ok(false);
    }
    bury(app, repository).await?;
    Ok(last.len() == group.len())
}

async fn at_once(
    app: &App,
    repository: &Repository,
    group: &[Found],
    tags: &[Tagged],
) -> Result<Batch, Error> {
    let mut batch = repository.require(Batch::new());
    for tagged in tags {
        batch = tag::removal(app, repository, tagged, batch);
    }
    for found in group {
        batch = removal(app, repository, found, batch).await?;
    }
    Ok(batch)
}

/// Two that delete at the same time may each have seen the manifest of the other one, and left none.
async fn retire_if_bare(app: &App, repository: &Repository) -> Result<(), Error> {
    while !has_other(app, repository.id(), &BTreeSet::new()).await? {
        let Some(bare) = repository.again(app).await? else {
            return Ok(());
        };
        if commit(app, burial::begin(app, &bare, &[])).await? {
            return bury(app, &bare).await;
        }
    }
    Ok(())
}

/// Removes a manifest that no tag names and no lock holds; what it needs it goes on needing while it is kept.
pub(in super::super) async fn removal(
    app: &App,
    repository: &Repository,
    found: &Found,
    mut batch: Batch,
) -> Result<Batch, Error> {
    let (id, digest) = (repository.id(), found.digest());
    for child in &found.record.references {
        batch = retention::note(app, repository, &child.digest, Why::Left, batch);
    }
    if let Some(subject) = found.record.subject {
        batch = batch.remove(REFERRER, &key3(id, subject, digest));
        batch = retention::note(app, repository, &subject, Why::Left, batch);
    }
    batch = match repository.keeps_deleted {
        true => deleted::keep_manifest(app, repository, &found.record, batch),
        false => match content(app, repository, found).await {
            Ok(content) => forget(id, &found.record, &content.text, batch)?,
            // Somebody else was faster, and the batch fails; or the manifest is damaged, and can go all the same.
            Err(error) if error.kind() == ErrorKind::NotFound => batch,
            Err(error) => return Err(error),
        },
    };
    let (place, time) = (key(id, digest), &found.record.last_update_time);
    let batch = batch
        .remove_if(MANIFEST, &place, found.revision)
        .remove(MANIFEST_BY_TIME, &key3(id, time, digest))
        .remove(UNTAGGED_SINCE, &place);
    Ok(remember(app, &place, time, batch))
}

/// Removes the bytes of a manifest, which `text` has, and what tells what it needs.
pub(in super::super) fn forget(
    id: &str,
    record: &Record,
    text: &str,
    mut batch: Batch,
) -> Result<Batch, Error> {
    for reference in record.parse(text)?.references() {
        let target = reference.descriptor.digest;
        batch = batch.remove(MANIFEST_REFERENCE, &key3(id, target, record.digest));
    }
    Ok(batch.remove(MANIFEST_CONTENT, &key(id, record.digest)))
}
