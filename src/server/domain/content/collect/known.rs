//! Blobs that a registry knows and no repository has.

use acr_store::Document;
use futures_util::future::try_join_all;

use super::{
    super::{
        blob::{Orphan, is_held},
        collection::{ABANDONED_REPOSITORY, BLOB, BLOB_HOLDER, BLOB_LINK, key, last_part},
    },
    link::may_go,
    run::{AT_ONCE, Collection, SLICE},
};
use crate::domain::{Error, scan::Slices};

/// Forgets such blobs and removes their bytes. They have no grace: nobody is told of a blob but through a repository.
pub(super) async fn clear(collection: &mut Collection<'_>) -> Result<(), Error> {
    let mut slices = Slices::new(BLOB, "", SLICE);
    while let Some(documents) = slices.next(collection.app).await? {
        collection.report.blobs.examined += documents.len() as u64;
        for documents in documents.chunks(AT_ONCE) {
            let looks = documents
                .iter()
                .map(|document| consider(collection, document));
            for freed_bytes in try_join_all(looks).await?.into_iter().flatten() {
                collection.report.blobs.removed += 1;
                collection.report.freed_bytes += freed_bytes;
            }
        }
    }
    Ok(())
}

/// How many bytes went with the blob, if it went.
async fn consider(collection: &Collection<'_>, document: &Document) -> Result<Option<u64>, Error> {
    let orphan = Orphan::of(document)?;
    let size = orphan.size();
    if collection.is_dry_run() {
        let would_go = would_go(collection, &document.key).await?;
        return Ok(would_go.then_some(size));
    }
    if is_held(collection.app, &document.key).await? {
        orphan.keep_bytes(collection.app).await?;
        return Ok(None);
    }
    let Some(orphan) = orphan.mark(collection.app).await? else {
        return Ok(None);
    };
    Ok(orphan.remove(collection.app).await?.then_some(size))
}

/// Whether a blob would go after all that would go before it.
async fn would_go(collection: &Collection<'_>, place: &str) -> Result<bool, Error> {
    let Some((registry_id, digest)) = place.split_once('/') else {
        return Ok(false);
    };
    let meta = collection.app.meta();
    let holders = format!("{place}/");
    let mut slices = Slices::new(BLOB_HOLDER, &holders, SLICE);
    while let Some(documents) = slices.next(collection.app).await? {
        for document in &documents {
            let repository_id = last_part(&document.key);
            let abandoned = key(registry_id, repository_id);
            if meta.get(ABANDONED_REPOSITORY, &abandoned).await?.is_some() {
                continue;
            }
            let link = meta.get(BLOB_LINK, &key(repository_id, digest)).await?;
            if let Some(link) = link
                && may_go(collection, repository_id, &link).await?.is_none()
            {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
