//! What is known of a tag, and the change of its locks.

use acr_api::{
    acr::{ChangeableAttributes, TagAttributes},
    oci::{RepositoryName, Tag},
};
use acr_store::Batch;

use super::super::{
    Repository,
    collection::{TAG, TAG_BY_TIME, key, key3},
    commit::{MOST_ATTEMPTS, commit, lost},
    lock, refusal, repository,
};
use super::record::{Record, Tagged, find, index};
use crate::{
    app::App,
    domain::{Error, access::Registry, stamp},
};

/// What is known of a tag.
pub async fn attributes(
    app: &App,
    repository: &Repository,
    tag: &Tag,
) -> Result<TagAttributes, Error> {
    match find(app, repository, tag).await? {
        Some(tagged) => Ok(shown(tagged)),
        None => Err(refusal::tag_unknown(tag)),
    }
}

/// Changes the locks.
pub async fn change(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    tag: &Tag,
    asked: &ChangeableAttributes,
) -> Result<TagAttributes, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let repository = &repository::find(app, registry, name).await?;
        let Some(mut tagged) = find(app, repository, tag).await? else {
            return Err(refusal::tag_unknown(tag));
        };
        let before = tagged.record.last_update_time.clone();
        let own = ChangeableAttributes {
            quarantine_state: None,
            quarantine_details: None,
            teleport_enabled: None,
            ..asked.clone()
        };
        lock::change(&mut tagged.record.attributes, own);
        tagged.record.last_update_time = stamp::with_zulu(app.now());
        if commit(app, update(repository, &tagged, &before)).await? {
            return Ok(shown(tagged));
        }
    }
    Err(lost())
}

fn update(repository: &Repository, tagged: &Tagged, before: &str) -> Batch {
    let (id, name) = (repository.id(), tagged.name.as_str());
    // A deletion of the repository must not overlook a lock that is set meanwhile.
    let batch = repository
        .touch(Batch::new())
        .remove(TAG_BY_TIME, &key3(id, before, name))
        .replace(TAG, &key(id, name), tagged.revision, &tagged.record);
    index(repository, name, &tagged.record, batch)
}

pub(super) fn shown(tagged: Tagged) -> TagAttributes {
    let Record {
        digest,
        created_time,
        last_update_time,
        last_pull_time,
        attributes,
    } = tagged.record;
    TagAttributes {
        name: tagged.name,
        digest,
        created_time,
        last_update_time,
        last_pull_time,
        signed: false,
        changeable_attributes: attributes,
    }
}
