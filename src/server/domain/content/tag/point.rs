//! Points a tag at a manifest, as part of a push.

use acr_api::{
    acr::ChangeableAttributes,
    oci::{Digest, Tag},
};
use acr_store::Batch;

use super::super::{
    Repository,
    collection::{TAG, TAG_BY_TIME, TAG_OF, key, key3},
    lock,
};
use super::record::{Record, find, index};
use crate::{app::App, domain::Error};

/// Adds to a batch what makes `tag` name `digest`; a locked tag that names another manifest is left alone.
pub(in super::super) async fn point(
    app: &App,
    repository: &Repository,
    tag: &Tag,
    digest: Digest,
    now: &str,
    batch: Batch,
) -> Result<Batch, Error> {
    let (id, name) = (repository.id(), tag.as_str());
    let place = key(id, name);
    let Some(tagged) = find(app, repository, tag).await? else {
        let record = Record {
            digest,
            created_time: now.to_owned(),
            last_update_time: now.to_owned(),
            attributes: ChangeableAttributes::unlocked(),
        };
        let batch = batch.insert(TAG, &place, &record);
        return Ok(index(repository, name, &record, batch));
    };
    if tagged.digest == digest {
        return Ok(batch.require(TAG, &place, tagged.revision));
    }
    lock::check_write(&tagged.record.attributes)?;
    let batch = batch.remove(TAG_OF, &key3(id, tagged.digest, name)).remove(
        TAG_BY_TIME,
        &key3(id, &tagged.record.last_update_time, name),
    );
    let record = Record {
        digest,
        last_update_time: now.to_owned(),
        ..tagged.record
    };
    let batch = batch.replace(TAG, &place, tagged.revision, &record);
    Ok(index(repository, name, &record, batch))
}
