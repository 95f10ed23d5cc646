//! Blobs that repositories have and do not need, and repositories that hold nothing.

use acr_api::oci::Digest;
use acr_store::{Batch, Document, Scan};
use futures_util::future::try_join_all;

use super::{
    super::{
        blob::{Linked, Owner, Release, is_needed, release},
        collection::{
            BLOB_LINK, DELETED_MANIFEST, DELETED_REPOSITORY, DELETED_TAG, MANIFEST, REPOSITORY,
            TAG, last_part, prefix,
        },
        commit::commit,
        lock,
        repository::{Deleted, Record},
    },
    run::{AT_ONCE, Collection, SLICE},
};
use crate::{
    app::App,
    domain::{Error, scan::Slices},
};

/// A repository that holds nothing of these holds nothing.
const CONTENT: &[&str] = &[MANIFEST, TAG, BLOB_LINK, DELETED_MANIFEST, DELETED_TAG];

/// Takes the blobs away that the repositories do not need.
pub(super) async fn clear(collection: &mut Collection<'_>) -> Result<(), Error> {
    for held in [REPOSITORY, DELETED_REPOSITORY] {
        let mut slices = Slices::new(held, "", SLICE);
        while let Some(documents) = slices.next(collection.app).await? {
            for document in &documents {
                let record: Record = match held {
                    REPOSITORY => document.parse()?,
                    _ => document.parse::<Deleted>()?.record,
                };
                let registry_id = document.key.split('/').next().unwrap_or_default();
                let owner = Owner {
                    registry_id,
                    repository_id: &record.id,
                };
                clear_links(collection, owner).await?;
                let is_removed = held == REPOSITORY
                    && !collection.is_dry_run()
                    && remove_if_empty(collection.app, document, record).await?;
                collection.report.repositories.add(is_removed);
            }
        }
    }
    Ok(())
}

async fn clear_links(collection: &mut Collection<'_>, owner: Owner<'_>) -> Result<(), Error> {
    let app = collection.app;
    let all = prefix(owner.repository_id);
    let mut slices = Slices::new(BLOB_LINK, &all, SLICE);
    while let Some(documents) = slices.next(app).await? {
        collection.report.links.examined += documents.len() as u64;
        for documents in documents.chunks(AT_ONCE) {
            let looks = documents
                .iter()
                .map(|document| consider(collection, owner, document));
            let removed = try_join_all(looks).await?;
            collection.report.links.removed +=
                removed.into_iter().filter(|gone| *gone).count() as u64;
        }
    }
    Ok(())
}

/// Takes one blob away if it may go, and tells whether it did.
async fn consider(
    collection: &Collection<'_>,
    owner: Owner<'_>,
    document: &Document,
) -> Result<bool, Error> {
    let Some(linked) = may_go(collection, owner.repository_id, document).await? else {
        return Ok(false);
    };
    if collection.is_dry_run() {
        return Ok(true);
    }
    // One that was changed meanwhile is about to be needed, or the next collection's.
    Ok(release(collection.app, owner, linked).await? == Release::Done)
}

/// The blob of a link, if nobody was told of it for as long as the grace and nothing needs it.
pub(super) async fn may_go(
    collection: &Collection<'_>,
    repository_id: &str,
    document: &Document,
) -> Result<Option<Linked>, Error> {
    let digest: Digest = last_part(&document.key).parse().map_err(Error::internal)?;
    let linked = Linked::of(digest, document)?;
    let is_old = linked.touched_ms < collection.end_of_grace_ms();
    match is_old && !is_needed(collection.app, repository_id, &digest).await? {
        true => Ok(Some(linked)),
        false => Ok(None),
    }
}

/// Removes a repository that holds nothing, in the two steps in which a deletion removes one: whoever puts something
/// into it meanwhile takes the first one back.
async fn remove_if_empty(app: &App, document: &Document, record: Record) -> Result<bool, Error> {
    match close(app, document, record).await? {
        Some(closed) => remove_closed(app, &closed).await,
        None => Ok(false),
    }
}

/// The first step; nothing if it holds something, or somebody else wrote it meanwhile.
pub(super) async fn close(
    app: &App,
    document: &Document,
    record: Record,
) -> Result<Option<Document>, Error> {
    if lock::check_delete(&record.attributes).is_err() || !is_empty(app, &record.id).await? {
        return Ok(None);
    }
    let closing = Record {
        is_closing: true,
        ..record
    };
    let place = &document.key;
    let batch = Batch::new().replace(REPOSITORY, place, document.revision, &closing);
    match commit(app, batch).await? {
        true => Ok(app.meta().get(REPOSITORY, place).await?),
        false => Ok(None),
    }
}

/// The second step: looks again, and removes the repository exactly as it was closed.
pub(super) async fn remove_closed(app: &App, closed: &Document) -> Result<bool, Error> {
    let record: Record = closed.parse()?;
    if !record.is_closing || !is_empty(app, &record.id).await? {
        return Ok(false);
    }
    let batch = Batch::new().remove_if(REPOSITORY, &closed.key, closed.revision);
    commit(app, batch).await
}

async fn is_empty(app: &App, repository_id: &str) -> Result<bool, Error> {
    for collection in CONTENT {
        let scan = Scan {
            collection,
            prefix: &prefix(repository_id),
            after: None,
            limit: 1,
        };
        if !app.meta().scan(scan).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}
