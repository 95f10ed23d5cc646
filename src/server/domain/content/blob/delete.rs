//! Takes a blob away from a repository.

use acr_api::oci::{Digest, RepositoryName};

use super::super::{
    commit::{MOST_ATTEMPTS, lost},
    lock, refusal, repository,
};
use super::record::look_up;
use super::release::{Owner, Release, release};
use crate::{
    app::App,
    domain::{Error, access::Registry},
};

/// Takes a blob away, unless a manifest of the repository needs it.
pub async fn delete(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    digest: &Digest,
) -> Result<(), Error> {
    for _ in 0..MOST_ATTEMPTS {
        let repository = repository::find_holder(app, registry, name).await?;
        lock::check_delete(repository.attributes())?;
        let Some(linked) = look_up(app, &repository, digest).await? else {
            return Err(refusal::blob_unknown(digest));
        };
        let owner = Owner {
            registry_id: &registry.registry_id,
            repository_id: repository.id(),
        };
        match release(app, owner, linked).await? {
            Release::Done => return Ok(()),
            Release::Needed => return Err(refusal::disallowed()),
            Release::Changed => {}
        }
    }
    Err(lost())
}
