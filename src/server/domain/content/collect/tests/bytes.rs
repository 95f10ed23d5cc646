//! Bytes that nothing names.

use acr_store::{
    Batch,
    blob::{Hashes, Key},
};
use bytes::Bytes;
use chrono::TimeDelta;

use super::super::testing::{World, name, sha256};
use crate::domain::content::{
    blob::{Record, condemn, is_condemned, link},
    collection::BLOB_STORAGE,
    commit::commit,
    repository,
};

/// Bytes as a crash leaves them before they are named.
async fn leave(world: &World, text: &'static str) -> Key {
    let key = Key::random();
    let mut upload = world.app.blobs().begin(&key, Hashes::Sha256).await.unwrap();
    upload
        .append(Bytes::from_static(text.as_bytes()))
        .await
        .unwrap();
    upload.finish().await.unwrap();
    key
}

#[tokio::test]
async fn what_a_crash_left_goes_by_its_age() {
    let world = World::new().await;
    let kept = world.push_image("a", "v1", "kept").await;
    leave(&world, "left over").await;
    world.pass(TimeDelta::hours(23));
    assert!(!world.collect().await.has_removed());
    world.pass(TimeDelta::hours(2));
    let report = world.collect().await;
    assert_eq!((report.files.examined, report.files.removed), (3, 1));
    assert_eq!(report.freed_bytes, 9);
    assert!(world.has_manifest("a", &kept).await);
    assert_eq!(world.files().await, 2);
}

#[tokio::test]
async fn bytes_that_were_given_up_can_no_longer_be_named() {
    let world = World::new().await;
    let storage = leave(&world, "late").await;
    assert!(condemn(&world.app, &storage).await.unwrap());
    let found = repository::find_or_begin(&world.app, &world.registry, &name("a")).await;
    let repository = found.unwrap();
    let uploaded = Record {
        storage: storage.clone(),
        seal: None,
        size: 4,
    };
    let digest = sha256("late");
    let linked = link(
        &world.app,
        &repository,
        &digest,
        Some(&uploaded),
        Batch::new(),
    );
    let (batch, _) = linked.await.unwrap().unwrap();
    assert!(!commit(&world.app, batch).await.unwrap());
    assert!(is_condemned(&world.app, &storage).await.unwrap());
    assert!(!world.has_repository("a").await);
}

#[tokio::test]
async fn bytes_that_are_named_cannot_be_given_up() {
    let world = World::new().await;
    let digest = world.push_blob("a", "named").await;
    let named = world.documents(&[BLOB_STORAGE]).await;
    let (_, storage) = named.keys().next().unwrap().split_once(' ').unwrap();
    assert!(
        !condemn(&world.app, &storage.parse().unwrap())
            .await
            .unwrap()
    );
    assert!(world.has_blob("a", &digest).await);
}

#[tokio::test]
async fn a_removal_that_failed_is_made_up_for() {
    let world = World::new().await;
    let storage = leave(&world, "stubborn").await;
    // A run that ended right behind its first step.
    assert!(condemn(&world.app, &storage).await.unwrap());
    world.pass(TimeDelta::hours(25));
    assert_eq!(world.collect().await.files.removed, 1);
    assert_eq!(world.files().await, 0);
}

#[tokio::test]
async fn blobs_of_a_database_that_did_not_list_bytes_keep_theirs() {
    let world = World::new().await;
    let kept = world.push_image("a", "v1", "kept").await;
    let unlisted = Batch::new().remove_prefix(BLOB_STORAGE, "");
    world.app.meta().commit(unlisted).await.unwrap();
    world.pass(TimeDelta::hours(25));
    assert!(!world.collect().await.has_removed());
    assert!(world.has_manifest("a", &kept).await);
    assert_eq!(world.files().await, 2);
    assert_eq!(world.documents(&[BLOB_STORAGE]).await.len(), 2);
}
