//! Takes a blob away from a repository that does not need it.

use acr_api::oci::Digest;
use acr_store::{Batch, Scan};

use super::super::{
    collection::{BLOB_HOLDER, BLOB_LINK, MANIFEST_REFERENCE, key, key3},
    commit::commit,
};
use super::record::{Linked, linked};
use crate::{app::App, domain::Error};

/// The ids of a repository and its registry.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Owner<'a> {
    pub(in super::super) registry_id: &'a str,
    pub(in super::super) repository_id: &'a str,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Release {
    /// The repository has the blob no more.
    Done,
    /// A manifest needs it.
    Needed,
    /// Somebody wrote the link meanwhile, and it has to be looked at again.
    Changed,
}

/// Takes the blob away, unless something needs it.
pub(in super::super) async fn release(
    app: &App,
    owner: Owner<'_>,
    found: Linked,
) -> Result<Release, Error> {
    match mark(app, owner, found).await? {
        Some(leaving) => remove(app, owner, &leaving).await,
        None => Ok(Release::Changed),
    }
}

/// The first step: the link is leaving. `None` if somebody else wrote it meanwhile.
pub(in super::super) async fn mark(
    app: &App,
    owner: Owner<'_>,
    found: Linked,
) -> Result<Option<Linked>, Error> {
    if found.is_leaving {
        return Ok(Some(found));
    }
    let id = owner.repository_id;
    if !commit(app, found.write(id, found.touched_ms, true, Batch::new())).await? {
        return Ok(None);
    }
    let again = linked(app, id, &found.digest).await?;
    Ok(again.filter(|link| link.is_leaving))
}

/// The second step: looks for what needs the blob, and removes the link exactly as it was marked.
pub(in super::super) async fn remove(
    app: &App,
    owner: Owner<'_>,
    leaving: &Linked,
) -> Result<Release, Error> {
    let (id, digest) = (owner.repository_id, &leaving.digest);
    if is_needed(app, id, digest).await? {
        return Ok(Release::Needed);
    }
    let batch = Batch::new()
        .remove_if(BLOB_LINK, &key(id, digest), leaving.revision)
        .remove(BLOB_HOLDER, &key3(owner.registry_id, digest, id));
    match commit(app, batch).await? {
        true => Ok(Release::Done),
        false => Ok(Release::Changed),
    }
}

/// Whether a manifest of the repository needs the blob, be it there or deleted and kept.
pub(in super::super) async fn is_needed(
    app: &App,
    repository_id: &str,
    digest: &Digest,
) -> Result<bool, Error> {
    let scan = Scan {
        collection: MANIFEST_REFERENCE,
        prefix: &format!("{}/", key(repository_id, digest)),
        after: None,
        limit: 1,
    };
    Ok(!app.meta().scan(scan).await?.is_empty())
}
