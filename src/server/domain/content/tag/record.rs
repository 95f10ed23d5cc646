//! The stored form of a tag, how it is found and what goes with it.

use acr_api::{
    acr::ChangeableAttributes,
    oci::{Digest, Tag},
};
use acr_store::{Batch, Document};
use serde::{Deserialize, Serialize};

use super::super::{
    Repository,
    collection::{MARK, TAG, TAG_BY_TIME, TAG_OF, key, key3},
    deleted,
    page::remember,
    retention::{self, Why},
};
use crate::{app::App, domain::Error};

/// A tag as it was read.
#[derive(Debug, Clone)]
pub struct Tagged {
    pub(super) name: String,
    /// The manifest it names.
    pub digest: Digest,
    pub(in super::super) record: Record,
    pub(super) revision: i64,
}

/// What is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Record {
    pub(in super::super) digest: Digest,
    pub(super) created_time: String,
    pub(super) last_update_time: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_pull_time: Option<String>,
    pub(in super::super) attributes: ChangeableAttributes,
}

/// The tag of this name, if there is one.
pub async fn find(app: &App, repository: &Repository, tag: &Tag) -> Result<Option<Tagged>, Error> {
    let place = key(repository.id(), tag);
    let stored = app.meta().get_as::<Record>(TAG, &place).await?;
    let stored = stored.filter(|stored| !repository.is_dying(&stored.digest));
    Ok(stored.map(|stored| Tagged::new(tag.as_str(), Record::clone(&stored), stored.revision)))
}

pub(in super::super) fn of(name: &str, document: &Document) -> Result<Tagged, Error> {
    Ok(Tagged::new(name, document.parse()?, document.revision))
}

impl Tagged {
    fn new(name: &str, record: Record, revision: i64) -> Self {
        Self {
            name: name.to_owned(),
            digest: record.digest,
            record,
            revision,
        }
    }
}

/// Removes a tag with its places in the indexes; where it stood by time is remembered for listings under way.
pub(in super::super) fn removal(
    app: &App,
    repository: &Repository,
    tagged: &Tagged,
    batch: Batch,
) -> Batch {
    let (id, name) = (repository.id(), &tagged.name);
    let time = &tagged.record.last_update_time;
    let batch = batch
        .remove_if(TAG, &key(id, name), tagged.revision)
        .remove(TAG_OF, &key3(id, tagged.digest, name))
        .remove(TAG_BY_TIME, &key3(id, time, name));
    let batch = keep(app, repository, tagged, batch);
    remember(app, &key(id, name), time, batch)
}

/// Keeps what a tag names that is deleted or moved away, if deletions are kept; its manifest may be without a tag now.
pub(super) fn keep(app: &App, repository: &Repository, tagged: &Tagged, batch: Batch) -> Batch {
    let batch = retention::note(app, repository, &tagged.digest, Why::Left, batch);
    match repository.keeps_deleted {
        true => deleted::keep_tag(app, repository, &tagged.name, &tagged.digest, batch),
        false => batch,
    }
}

/// Writes the places of a tag in the indexes.
pub(super) fn index(repository: &Repository, name: &str, record: &Record, batch: Batch) -> Batch {
    let id = repository.id();
    batch
        .put(TAG_OF, &key3(id, record.digest, name), &MARK)
        .put(
            TAG_BY_TIME,
            &key3(id, &record.last_update_time, name),
            &MARK,
        )
}
