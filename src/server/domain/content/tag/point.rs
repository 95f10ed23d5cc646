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

/// <https://github.com/Azure/acr/issues/592>
#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::content::{
        collect::testing::{World, name},
        commit::commit,
        manifest, tag,
    };

    const TIME: &str = "2026-09-10T09:00:00.0000000Z";

    /// Locks the tag, or else the manifest, against deletion.
    async fn lock(world: &World, tag: Option<&Tag>, digest: &Digest) {
        let (app, registry, a) = (&world.app, &world.registry, name("a"));
        let locked = ChangeableAttributes {
            delete_enabled: Some(false),
            ..ChangeableAttributes::default()
        };
        let changed = match tag {
            Some(tag) => tag::change(app, registry, &a, tag, &locked).await.map(drop),
            None => {
                let changed = manifest::change(app, registry, &a, digest, &locked).await;
                changed.map(drop)
            }
        };
        changed.unwrap();
    }

    /// Two images of `a`: the first has the tag, which is to name the second one.
    async fn world() -> (World, [Digest; 2], Tag) {
        let world = World::new().await;
        let first = world.push_image("a", "v1", "first").await;
        let second = world.push_image("a", "v2", "second").await;
        (world, [first, second], "v1".parse().unwrap())
    }

    #[tokio::test]
    async fn a_tag_that_was_locked_meanwhile_does_not_move() {
        for naming in [Naming::Move, Naming::Force] {
            let (world, [first, digest], v1) = world().await;
            let repository = world.repository("a").await;
            let pointer = Pointer {
                digest,
                naming,
                now: TIME,
            };
            let moved = point(&world.app, &repository, &v1, pointer, Batch::new()).await;
            lock(&world, Some(&v1), &first).await;
            assert!(!commit(&world.app, moved.unwrap()).await.unwrap());
            let tagged = find(&world.app, &repository, &v1).await.unwrap().unwrap();
            assert_eq!(tagged.digest, first);
            assert_eq!(tagged.record.attributes.delete_enabled, Some(false));
        }
    }

    #[tokio::test]
    async fn a_manifest_that_was_locked_meanwhile_gets_no_tag() {
        let (world, [first, _], _) = world().await;
        let app = &world.app;
        let repository = world.repository("a").await;
        let found = manifest::look_up(app, &repository, &first).await.unwrap();
        let renewed = manifest::renew(&repository, found.unwrap(), TIME, Batch::new());
        lock(&world, None, &first).await;
        assert!(!commit(app, renewed.unwrap()).await.unwrap());
        let found = manifest::look_up(app, &repository, &first).await.unwrap();
        let attributes = found.unwrap().record.attributes;
        assert_eq!(attributes.delete_enabled, Some(false));
    }

    #[tokio::test]
    async fn a_tag_that_moves_keeps_its_locks() {
        let (world, [first, second], v1) = world().await;
        lock(&world, Some(&v1), &first).await;
        world.push_image("a", "v1", "second").await;
        let repository = world.repository("a").await;
        let tagged = find(&world.app, &repository, &v1).await.unwrap().unwrap();
        assert_eq!(tagged.digest, second);
        assert_eq!(tagged.record.attributes.delete_enabled, Some(false));
    }
}
