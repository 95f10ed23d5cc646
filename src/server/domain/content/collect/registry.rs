//! What registries held that were deleted.

use acr_store::{Batch, Document};
use serde::{Deserialize, Serialize};

use super::{
    super::{
        collection::{
            ABANDONED_REGISTRY, BARE_REPOSITORY, BURIAL, DELETED_REPOSITORY, DELETION, REPOSITORY,
            UPLOAD, prefix,
        },
        commit::commit,
        repository::{self, Deleted, Record},
        upload::Begun,
    },
    run::{Collection, SLICE},
    upload,
};
use crate::{
    app::App,
    domain::{Error, scan::Slices},
};

/// What is stored of a registry that was deleted.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Abandoned {
    since_ms: i64,
}

/// Leaves what a registry holds to be cleared away; the batch deletes the registry.
pub(crate) fn abandon(app: &App, registry_id: &str, batch: Batch) -> Batch {
    let since_ms = app.now().timestamp_millis();
    batch.put(ABANDONED_REGISTRY, registry_id, &Abandoned { since_ms })
}

/// Abandons the repositories of deleted registries and clears away their uploads. A registry is looked at until its
/// grace is over: a request that began before it was deleted may put something into it after that.
pub(super) async fn clear(collection: &mut Collection<'_>) -> Result<(), Error> {
    let mut slices = Slices::new(ABANDONED_REGISTRY, "", SLICE);
    while let Some(documents) = slices.next(collection.app).await? {
        for document in documents {
            remove(collection, &document).await?;
        }
    }
    Ok(())
}

async fn remove(collection: &mut Collection<'_>, abandoned: &Document) -> Result<(), Error> {
    let app = collection.app;
    let all = prefix(&abandoned.key);
    let mut uploads = Slices::new(UPLOAD, &all, SLICE);
    while let Some(documents) = uploads.next(app).await? {
        for document in &documents {
            let is_removed = upload::remove(collection, &Begun::of(document)?).await?;
            collection.report.uploads.removed += u64::from(is_removed);
        }
    }
    if collection.is_dry_run() {
        return Ok(());
    }
    for held in [REPOSITORY, BARE_REPOSITORY, DELETED_REPOSITORY] {
        let mut slices = Slices::new(held, &all, SLICE);
        while let Some(documents) = slices.next(app).await? {
            for document in &documents {
                abandon_repository(app, &abandoned.key, held, document).await?;
            }
        }
    }
    for noted in [BURIAL, DELETION] {
        let mut slices = Slices::new(noted, &all, SLICE);
        while let Some(documents) = slices.next(app).await? {
            let batch = documents.iter().fold(Batch::new(), |batch, document| {
                batch.remove(noted, &document.key)
            });
            app.meta().commit(batch).await?;
        }
    }
    if abandoned.parse::<Abandoned>()?.since_ms < collection.end_of_bytes_ms() {
        let batch = Batch::new().remove(ABANDONED_REGISTRY, &abandoned.key);
        app.meta().commit(batch).await?;
    }
    Ok(())
}

/// Takes the name off a repository; if somebody wrote it meanwhile, the next collection does.
async fn abandon_repository(
    app: &App,
    registry_id: &str,
    held: &str,
    document: &Document,
) -> Result<(), Error> {
    let record: Record = match held {
        DELETED_REPOSITORY => document.parse::<Deleted>()?.record,
        _ => document.parse()?,
    };
    let batch = Batch::new().remove_if(held, &document.key, document.revision);
    commit(app, repository::abandon(registry_id, &record.id, batch)).await?;
    Ok(())
}
