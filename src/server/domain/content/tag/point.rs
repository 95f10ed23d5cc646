//! Points a tag at a manifest, as part of a push.

use acr_api::{
    acr::ChangeableAttributes,
    oci::{Digest, Tag},
};
use acr_store::Batch;

use super::super::{
    Repository,
    collection::{TAG, TAG_BY_TIME, TAG_OF, key, key3},
    lock, refusal,
};
use super::record::{Record, find, index, keep};
use crate::{app::App, domain::Error};

/// What becomes of a tag that names another manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// It moves, unless it is locked.
    #[default]
    Move,
    /// It stays, and the push is refused.
    New,
    /// It moves, and keeps its locks.
    Force,
}

/// A manifest and when it gets its names.
#[derive(Clone, Copy)]
pub(in super::super) struct Pointer<'a> {
    pub(in super::super) digest: Digest,
    pub(in super::super) naming: Naming,
    pub(in super::super) now: &'a str,
}

/// Adds to a batch what makes `tag` name the manifest.
pub(in super::super) async fn point(
    app: &App,
    repository: &Repository,
    tag: &Tag,
    pointer: Pointer<'_>,
    batch: Batch,
) -> Result<Batch, Error> {
    let Pointer {
        digest,
        naming,
        now,
    } = pointer;
    let (id, name) = (repository.id(), tag.as_str());
    let place = key(id, name);
    let Some(tagged) = find(app, repository, tag).await? else {
        let record = Record {
            digest,
            created_time: now.to_owned(),
            last_update_time: now.to_owned(),
            last_pull_time: None,
            attributes: ChangeableAttributes::unlocked(),
        };
        let batch = batch.insert(TAG, &place, &record);
        return Ok(index(repository, name, &record, batch));
    };
    if tagged.digest == digest {
        return Ok(batch.require(TAG, &place, tagged.revision));
    }
    match naming {
        Naming::Move => lock::check_write(&tagged.record.attributes)?,
        Naming::New => return Err(refusal::tag_taken(&repository.name, tag)),
        Naming::Force => {}
    }
    let batch = batch.remove(TAG_OF, &key3(id, tagged.digest, name)).remove(
        TAG_BY_TIME,
        &key3(id, &tagged.record.last_update_time, name),
    );
    let batch = keep(app, repository, &tagged, batch);
    let record = Record {
        digest,
        last_update_time: now.to_owned(),
        ..tagged.record
    };
    let batch = batch.replace(TAG, &place, tagged.revision, &record);
    Ok(index(repository, name, &record, batch))
}
