//! Gives a repository a blob, as part of a batch.

use acr_api::oci::Digest;
use acr_store::Batch;

use super::super::{
    Repository,
    collection::{BLOB, BLOB_HOLDER, BLOB_LINK, BLOB_STORAGE, MARK, key, key3},
};
use super::record::{Known, Link, Record, look_up};
use crate::{
    app::App,
    domain::{Error, usage},
};

/// Where the bytes of a linked blob lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Stored {
    /// Where they were uploaded to.
    Here,
    /// The registry had them already; what was uploaded is not needed.
    Elsewhere,
}

/// Adds to a batch what makes the blob the repository's. `uploaded` is durable; if the registry knows the
/// digest, the bytes it knows are used. `None` if it does not and nothing was uploaded.
pub(in super::super) async fn link(
    app: &App,
    repository: &Repository,
    digest: &Digest,
    uploaded: Option<&Record>,
    batch: Batch,
) -> Result<Option<(Batch, Stored)>, Error> {
    let batch = repository.require(batch);
    let place = key(&repository.registry_id, digest);
    let known = app.meta().get(BLOB, &place).await?;
    let (batch, record, stored) = match (known, uploaded) {
        (Some(document), _) => {
            let known: Known = document.parse()?;
            let batch = known.require(&place, document.revision, batch);
            (batch, known.record, Stored::Elsewhere)
        }
        (None, Some(uploaded)) => {
            let known = Known::staying(uploaded.clone());
            let batch = batch.insert(BLOB, &place, &known).insert(
                BLOB_STORAGE,
                uploaded.storage.as_str(),
                &MARK,
            );
            let batch = usage::grown(&repository.registry_id, uploaded.size, batch);
            (batch, known.record, Stored::Here)
        }
        (None, None) => return Ok(None),
    };
    let now_ms = app.now().timestamp_millis();
    let id = repository.id();
    let batch = match look_up(app, repository, digest).await? {
        Some(linked) if linked.is_fresh(app) => linked.require(id, batch),
        Some(linked) => linked.write(id, now_ms, false, batch),
        None => {
            let link = Link {
                record,
                touched_ms: now_ms,
                is_leaving: false,
            };
            batch.insert(BLOB_LINK, &key(id, digest), &link)
        }
    };
    let holder = key3(&repository.registry_id, digest, id);
    let batch = batch.put(BLOB_HOLDER, &holder, &repository.name);
    Ok(Some((batch, stored)))
}
