//! Removes manifests and the tags that name them, so many by one batch that nobody else has to wait long.

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
use super::record::{Found, Record, content};
use crate::{
    app::App,
    domain::{Error, ErrorKind},
};

/// How many manifests and tags one batch removes or marks.
pub(in super::super) const AT_ONCE: usize = 200;

/// One part of a removal.
#[derive(Debug)]
pub(in super::super) enum Step<'a> {
    /// A tag goes.
    Tag(Box<Tagged>),
    /// A manifest goes, which no tag names any more.
    Manifest(&'a Found),
}

/// Takes the steps in order, in one batch if they are few. False if somebody else came in between: then what is left
/// has to be looked at again.
pub(in super::super) async fn remove(
    app: &App,
    repository: &Repository,
    steps: &[Step<'_>],
) -> Result<bool, Error> {
    for slice in steps.chunks(AT_ONCE) {
        let mut batch = repository.require(Batch::new());
        for step in slice {
            batch = match step {
                Step::Tag(tagged) => tag::removal(app, repository, tagged, batch),
                Step::Manifest(found) => removal(app, repository, found, batch).await?,
            };
        }
        if !commit(app, batch).await? {
            return Ok(false);
        }
    }
    Ok(true)
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
