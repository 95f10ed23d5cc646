//! Gives a repository a blob, as part of a batch.

use acr_api::oci::Digest;
use acr_store::Batch;

use super::super::{
    Repository,
    collection::{BLOB, BLOB_HOLDER, BLOB_LINK, key, key3},
};
use super::record::{Record, look_up};
use crate::{app::App, domain::Error};

/// Where the bytes of a linked blob lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Stored {
    /// Where they were uploaded to.
    Here,
    /// The registry had them already; what was uploaded is not needed.
    Elsewhere,
}

/// Adds to a batch what makes the blob the repository's. `uploaded` is durable; if the registry knows the
/// digest, the bytes it knows are used.
pub(in super::super) async fn link(
    app: &App,
    repository: &Repository,
    digest: &Digest,
    uploaded: &Record,
    batch: Batch,
) -> Result<(Batch, Stored), Error> {
    let batch = repository.require(batch);
    let place = key(&repository.registry_id, digest);
    let known = app.meta().get(BLOB, &place).await?;
    let (batch, record, stored) = match known {
        Some(document) => {
            let record: Record = document.parse()?;
            let batch = batch.require(BLOB, &place, document.revision);
            (batch, record, Stored::Elsewhere)
        }
        None => {
            let batch = batch.insert(BLOB, &place, uploaded);
            (batch, uploaded.clone(), Stored::Here)
        }
    };
    let batch = match look_up(app, repository, digest).await? {
        Some(linked) => batch.require(BLOB_LINK, &key(repository.id(), digest), linked.revision),
        None => batch.insert(BLOB_LINK, &key(repository.id(), digest), &record),
    };
    let holder = key3(&repository.registry_id, digest, repository.id());
    Ok((batch.put(BLOB_HOLDER, &holder, &repository.name), stored))
}
