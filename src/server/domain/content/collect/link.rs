//! Blobs that repositories have and do not need, and repositories that hold nothing.

use std::collections::BTreeSet;

use acr_api::oci::Digest;
use acr_store::{Batch, Document, Scan};
use futures_util::future::try_join_all;

use super::{
    super::{
        blob::{Linked, Owner, Release, is_needed, release},
        collection::{
            BARE_REPOSITORY, BLOB_LINK, BURIAL, DELETED_REPOSITORY, MARK, REPOSITORY, last_part,
            prefix,
        },
        commit::commit,
        manifest::has_other,
        repository::{Deleted, Dying, Record},
    },
    run::{AT_ONCE, Collection, SLICE},
};
use crate::{
    app::App,
    domain::{Error, scan::Slices, stamp},
};

/// Takes the blobs away that the repositories do not need.
pub(super) async fn clear(collection: &mut Collection<'_>) -> Result<(), Error> {
    for held in [REPOSITORY, BARE_REPOSITORY, DELETED_REPOSITORY] {
        let mut slices = Slices::new(held, "", SLICE);
        while let Some(documents) = slices.next(collection.app).await? {
            for document in &documents {
                let record: Record = match held {
                    DELETED_REPOSITORY => document.parse::<Deleted>()?.record,
                    _ => document.parse()?,
                };
                let registry_id = document.key.split('/').next().unwrap_or_default();
                let owner = Owner {
                    registry_id,
                    repository_id: &record.id,
                };
                clear_links(collection, owner).await?;
                let is_removed = !collection.is_dry_run()
                    && settle(collection.app, held, document, record).await?;
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

/// Puts a repository where it belongs by what it holds, and tells whether it was removed.
async fn settle(app: &App, held: &str, document: &Document, record: Record) -> Result<bool, Error> {
    match held {
        REPOSITORY => hide_if_bare(app, document, record).await.map(|()| false),
        BARE_REPOSITORY => remove_if_empty(app, document, record).await,
        _ => Ok(false),
    }
}

/// Takes a repository out of sight that has no manifest, as deletions that broke off can leave it; whoever comes to it
/// next makes it a bare one.
async fn hide_if_bare(app: &App, document: &Document, record: Record) -> Result<(), Error> {
    if record.dying.is_some() || has_other(app, &record.id, &BTreeSet::new()).await? {
        return Ok(());
    }
    let record = Record {
        dying: Some(Dying {
            manifests: BTreeSet::new(),
            deleted_at: stamp::with_zulu(app.now()),
            keeps: false,
        }),
        ..record
    };
    let place = &document.key;
    let batch = Batch::new().replace(REPOSITORY, place, document.revision, &record);
    commit(app, batch.put(BURIAL, place, &MARK)).await.map(drop)
}

/// Removes a bare repository that holds nothing, in the two steps in which a deletion removes one: whoever puts something
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
    if !is_empty(app, &record.id).await? {
        return Ok(None);
    }
    let closing = Record {
        is_closing: true,
        ..record
    };
    let place = &document.key;
    let batch = Batch::new().replace(BARE_REPOSITORY, place, document.revision, &closing);
    match commit(app, batch).await? {
        true => Ok(app.meta().get(BARE_REPOSITORY, place).await?),
        false => Ok(None),
    }
}

/// The second step: looks again, and removes the repository exactly as it was closed.
pub(super) async fn remove_closed(app: &App, closed: &Document) -> Result<bool, Error> {
    let record: Record = closed.parse()?;
    if !record.is_closing || !is_empty(app, &record.id).await? {
        return Ok(false);
    }
    let batch = Batch::new().remove_if(BARE_REPOSITORY, &closed.key, closed.revision);
    commit(app, batch).await
}

async fn is_empty(app: &App, repository_id: &str) -> Result<bool, Error> {
    let scan = Scan {
        collection: BLOB_LINK,
        prefix: &prefix(repository_id),
        after: None,
        limit: 1,
    };
    Ok(app.meta().scan(scan).await?.is_empty())
}
