//! Takes a repository out of sight whose last manifest goes.

use acr_store::Batch;

use super::super::{
    collection::{BARE_REPOSITORY, DELETED_REPOSITORY, REPOSITORY},
    deleted::holds_deleted,
};
use super::record::{Deleted, Repository};
use crate::{app::App, domain::Error};

/// Adds to a batch what takes a repository out of sight, exactly as it was read: it is among the deleted ones if
/// something of it is kept. Either way its blobs wait for another push as long as any others.
pub(in super::super) async fn retire(
    app: &App,
    repository: &Repository,
    batch: Batch,
) -> Result<Batch, Error> {
    let place = repository.key();
    let batch = match repository.revision() {
        Some(revision) => batch.remove_if(REPOSITORY, &place, revision),
        None => batch,
    };
    if repository.keeps_deleted || holds_deleted(app, repository.id()).await? {
        let deleted = Deleted {
            record: repository.open(),
            deleted_at: repository.time_of_deletion(app),
            burial: None,
            has_blobs: true,
        };
        return Ok(batch.put(DELETED_REPOSITORY, &place, &deleted));
    }
    Ok(batch.put(BARE_REPOSITORY, &place, &repository.record.bare()))
}
