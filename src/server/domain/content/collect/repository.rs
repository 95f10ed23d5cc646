//! What lies under the ids of repositories that were deleted.

use acr_store::{Batch, Document};

use super::{
    super::collection::{
        ABANDONED_REPOSITORY, BLOB_HOLDER, BLOB_LINK, DELETED_MANIFEST, DELETED_TAG,
        DELETED_TAG_OF, MANIFEST, MANIFEST_BY_TIME, MANIFEST_CONTENT, MANIFEST_REFERENCE, REFERRER,
        TAG, TAG_BY_TIME, TAG_OF, UNTAGGED_SINCE, key3, last_part, prefix,
    },
    run::{Collection, SLICE},
};
use crate::{
    app::App,
    domain::{Error, scan::Slices},
};

/// All that lies under the id of a repository, but for the bytes of manifests: they are large, and go unread with the
/// manifests.
const HELD: &[&str] = &[
    TAG,
    TAG_OF,
    TAG_BY_TIME,
    MANIFEST,
    MANIFEST_BY_TIME,
    DELETED_MANIFEST,
    DELETED_TAG,
    DELETED_TAG_OF,
    MANIFEST_REFERENCE,
    REFERRER,
    UNTAGGED_SINCE,
    BLOB_LINK,
];

/// Clears away what deleted repositories held. Nothing is added to it any more: whoever did had to require the
/// repository.
pub(super) async fn clear(collection: &mut Collection<'_>) -> Result<(), Error> {
    let mut slices = Slices::new(ABANDONED_REPOSITORY, "", SLICE);
    while let Some(documents) = slices.next(collection.app).await? {
        for document in documents {
            if !collection.is_dry_run() {
                remove(collection.app, &document).await?;
            }
            collection.report.repositories.add(true);
        }
    }
    Ok(())
}

async fn remove(app: &App, abandoned: &Document) -> Result<(), Error> {
    let Some((registry_id, id)) = abandoned.key.split_once('/') else {
        return Ok(());
    };
    for held in HELD {
        let all = prefix(id);
        let mut slices = Slices::new(held, &all, SLICE);
        while let Some(documents) = slices.next(app).await? {
            let batch = documents.iter().fold(Batch::new(), |batch, document| {
                removal(registry_id, id, held, &document.key, batch)
            });
            app.meta().commit(batch).await?;
        }
    }
    let batch = Batch::new().remove(ABANDONED_REPOSITORY, &abandoned.key);
    Ok(app.meta().commit(batch).await?)
}

fn removal(registry_id: &str, id: &str, held: &str, place: &str, batch: Batch) -> Batch {
    let batch = batch.remove(held, place);
    match held {
        MANIFEST | DELETED_MANIFEST => batch.remove(MANIFEST_CONTENT, place),
        BLOB_LINK => batch.remove(BLOB_HOLDER, &key3(registry_id, last_part(place), id)),
        _ => batch,
    }
}
