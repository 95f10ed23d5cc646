//! Gives a repository a blob that another one in the registry has.

use acr_api::oci::{Digest, RepositoryName};
use acr_store::{Batch, Scan};

use super::super::{
    collection::{BLOB_HOLDER, key},
    commit::{MOST_ATTEMPTS, commit, lost},
    lock, repository,
};
use super::link;
use super::record::{Linked, look_up};
use crate::{
    app::App,
    domain::{Error, access::Registry},
};

/// Repositories that are looked at for one that the caller may read.
const MOST_HOLDERS: u32 = 100;

/// Mounts the blob from a repository the caller may read; false if that one does not have it.
pub async fn mount(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    from: &RepositoryName,
    digest: &Digest,
) -> Result<bool, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let Some((source, linked)) = source(app, registry, from, digest).await? else {
            return Ok(false);
        };
        let target = repository::find_or_begin(app, registry, name).await?;
        lock::check_write(target.attributes())?;
        let Some((batch, _)) = link(app, &target, digest, None, Batch::new()).await? else {
            continue;
        };
        let batch = match source == *target.id() {
            true => batch,
            false => linked.require(&source, batch),
        };
        if commit(app, batch).await? {
            return Ok(true);
        }
    }
    Err(lost())
}

/// Mounts the blob from any repository that has it and that `may_pull` lets the caller read.
pub async fn mount_anywhere(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    digest: &Digest,
    may_pull: &(dyn Fn(&RepositoryName) -> bool + Sync),
) -> Result<bool, Error> {
    let scan = Scan {
        collection: BLOB_HOLDER,
        prefix: &format!("{}/", key(&registry.registry_id, digest)),
        after: None,
        limit: MOST_HOLDERS,
    };
    for document in app.meta().scan(scan).await? {
        let holder: RepositoryName = document.parse()?;
        if may_pull(&holder) && mount(app, registry, name, &holder, digest).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The id of the source and the blob in it.
async fn source(
    app: &App,
    registry: &Registry,
    from: &RepositoryName,
    digest: &Digest,
) -> Result<Option<(String, Linked)>, Error> {
    let source = match repository::find_holder(app, registry, from).await {
        Ok(source) if lock::check_read(source.attributes()).is_ok() => source,
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == crate::domain::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let linked = look_up(app, &source, digest).await?;
    Ok(linked.map(|linked| (source.id().to_owned(), linked)))
}
