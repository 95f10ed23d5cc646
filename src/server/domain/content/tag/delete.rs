//! Deletes a tag; its manifest stays.

use acr_api::oci::{Digest, RepositoryName, Tag};
use acr_store::Batch;

use super::super::{
    commit::{MOST_ATTEMPTS, commit, lost},
    lock, refusal, repository,
};
use super::record::{find, removal};
use crate::{
    app::App,
    domain::{Error, access::Registry},
};

/// Deletes a tag and tells which manifest it named.
pub async fn delete(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    tag: &Tag,
) -> Result<Digest, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let repository = &repository::find(app, registry, name).await?;
        lock::check_delete(repository.attributes())?;
        let Some(tagged) = find(app, repository, tag).await? else {
            return Err(refusal::tag_unknown(tag));
        };
        lock::check_delete(&tagged.record.attributes)?;
        let batch = removal(app, repository, &tagged, repository.require(Batch::new()));
        if commit(app, batch).await? {
            return Ok(tagged.digest);
        }
    }
    Err(lost())
}
