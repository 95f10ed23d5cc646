//! Requests that come between the two steps of a removal.

use acr_api::oci::Digest;
use acr_store::Document;
use chrono::TimeDelta;

use super::super::{
    link::{close, remove_closed},
    testing::{CONFIG, World, image, sha256},
};
use crate::domain::content::{
    blob::{self, Orphan, Owner, Release, look_up, mark, remove},
    collection::{BARE_REPOSITORY, BLOB, BLOB_HOLDER, BLOB_LINK},
    repository::Record,
};

/// The one document of a collection whose key ends so.
async fn document(world: &World, collection: &str, end: &str) -> Document {
    let documents = world.documents(&[collection]).await;
    let place = documents.keys().find(|place| place.ends_with(end)).unwrap();
    let (_, key) = place.split_once(' ').unwrap();
    world
        .app
        .meta()
        .get(collection, key)
        .await
        .unwrap()
        .unwrap()
}

/// Takes the blob away from `a`, while `meanwhile` happens between the two steps.
async fn release_around(world: &World, digest: &Digest, meanwhile: impl AsyncFnOnce()) -> Release {
    let repository = world.repository("a").await;
    let owner = Owner {
        registry_id: &world.registry.registry_id,
        repository_id: repository.id(),
    };
    let found = look_up(&world.app, &repository, digest)
        .await
        .unwrap()
        .unwrap();
    let leaving = mark(&world.app, owner, found).await.unwrap().unwrap();
    meanwhile().await;
    let released = remove(&world.app, owner, &leaving).await.unwrap();
    world.check().await;
    released
}

#[tokio::test]
async fn nothing_in_between_and_the_blob_goes() {
    let world = World::new().await;
    let digest = world.push_blob("a", "loose").await;
    let released = release_around(&world, &digest, async || {}).await;
    assert_eq!(released, Release::Done);
    assert!(!world.has_blob("a", &digest).await);
}

#[tokio::test]
async fn a_push_that_needs_the_blob_keeps_it() {
    let world = World::new().await;
    world.push_blob("a", CONFIG).await;
    let digest = world.push_blob("a", "layer").await;
    let released = release_around(&world, &digest, async || {
        world.push("a", "v1", &image("layer")).await.unwrap();
    });
    assert_ne!(released.await, Release::Done);
    assert!(world.has_blob("a", &digest).await);
    // The push has taken the mark off: one that was deleted since leaves it to a new one.
    world.delete("a", &sha256(&image("layer"))).await;
    let repository = world.repository("a").await;
    let found = look_up(&world.app, &repository, &digest)
        .await
        .unwrap()
        .unwrap();
    blob::announce(&world.app, &repository, &digest)
        .await
        .unwrap();
    let again = look_up(&world.app, &repository, &digest)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.revision, again.revision);
}

#[tokio::test]
async fn a_push_that_was_deleted_again_keeps_the_blob_for_the_next_look() {
    let world = World::new().await;
    world.push_blob("a", CONFIG).await;
    let digest = world.push_blob("a", "layer").await;
    let released = release_around(&world, &digest, async || {
        world.push("a", "v1", &image("layer")).await.unwrap();
        world.delete("a", &sha256(&image("layer"))).await;
    });
    assert_eq!(released.await, Release::Changed);
}

#[tokio::test]
async fn who_asks_for_the_blob_keeps_it() {
    let world = World::new().await;
    let digest = world.push_blob("a", "asked for").await;
    let repository = world.repository("a").await;
    let released = release_around(&world, &digest, async || {
        blob::announce(&world.app, &repository, &digest)
            .await
            .unwrap();
    });
    assert_eq!(released.await, Release::Changed);
    assert!(world.has_blob("a", &digest).await);
}

#[tokio::test]
async fn who_uploads_the_blob_again_keeps_it() {
    let world = World::new().await;
    let digest = world.push_blob("a", "twice").await;
    let released = release_around(&world, &digest, async || {
        world.push_blob("a", "twice").await;
    });
    assert_eq!(released.await, Release::Changed);
    assert!(world.has_blob("a", &digest).await);
}

#[tokio::test]
async fn who_mounts_the_blob_has_it() {
    let world = World::new().await;
    let digest = world.push_blob("a", "mounted").await;
    release_around(&world, &digest, async || {
        world.mount("b", "a", &digest).await;
    })
    .await;
    assert!(world.has_blob("b", &digest).await);
}

#[tokio::test]
async fn a_blob_that_a_repository_takes_is_not_forgotten() {
    let world = World::new().await;
    let digest = world.push_blob("a", "held again").await;
    assert_eq!(
        release_around(&world, &digest, async || {}).await,
        Release::Done
    );
    assert_eq!(world.documents(&[BLOB_HOLDER]).await.len(), 0);
    let found = Orphan::of(&document(&world, BLOB, "").await).unwrap();
    let leaving = found.mark(&world.app).await.unwrap().unwrap();
    world.push_blob("b", "held again").await;
    assert!(!leaving.remove(&world.app).await.unwrap());
    assert!(world.has_blob("b", &digest).await);
    world.check().await;
}

#[tokio::test]
async fn a_repository_that_gets_something_is_not_removed() {
    let world = World::new().await;
    let digest = world.push_blob("a", "gone").await;
    release_around(&world, &digest, async || {}).await;
    let found = document(&world, BARE_REPOSITORY, "/a").await;
    let record: Record = found.parse().unwrap();
    let closed = close(&world.app, &found, record).await.unwrap().unwrap();
    let digest = world.push_blob("a", "new").await;
    assert!(!remove_closed(&world.app, &closed).await.unwrap());
    assert!(world.has_blob("a", &digest).await);
    // A second one, in which the new blob has come and gone.
    let found = document(&world, BARE_REPOSITORY, "/a").await;
    let record: Record = found.parse().unwrap();
    assert!(!record.is_closing, "the upload has taken it back");
    let closed = close(&world.app, &found, record).await.unwrap();
    assert!(closed.is_none(), "it holds something");
}

#[tokio::test]
async fn a_mark_that_stays_behind_does_no_harm() {
    let world = World::new().await;
    world.push_image("a", "v1", "needed").await;
    let released = release_around(&world, &sha256("needed"), async || {}).await;
    assert_eq!(released, Release::Needed);
    let link = document(&world, BLOB_LINK, &sha256("needed").to_string()).await;
    assert!(link.body.contains("isLeaving"));
    world.push("a", "v2", &image("needed")).await.unwrap();
    world.pass(TimeDelta::hours(25));
    assert!(!world.collect().await.has_removed());
    assert!(world.has_blob("a", &sha256("needed")).await);
}
