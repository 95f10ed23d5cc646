//! Blobs that repositories do not need.

use chrono::TimeDelta;

use super::super::testing::{CONFIG, World, image, sha256};
use crate::domain::{
    content::{
        blob,
        collect::{Count, collect},
        collection::{BARE_REPOSITORY, BLOB, BLOB_HOLDER, BLOB_LINK, BLOB_STORAGE, REPOSITORY},
    },
    usage,
};

const DOCUMENTS: &[&str] = &[
    REPOSITORY,
    BARE_REPOSITORY,
    BLOB,
    BLOB_LINK,
    BLOB_HOLDER,
    BLOB_STORAGE,
];

#[tokio::test]
async fn what_no_manifest_needs_goes_after_the_grace() {
    let world = World::new().await;
    world.push_image("a", "v1", "needed").await;
    let loose = world.push_blob("a", "loose").await;
    world.pass(TimeDelta::hours(24));
    let report = world.collect().await;
    assert!(!report.has_removed(), "the grace is not over: {report:?}");
    world.pass(TimeDelta::seconds(1));
    let report = world.collect().await;
    let of = |examined, removed| Count { examined, removed };
    assert_eq!((report.links, report.blobs), (of(3, 1), of(3, 1)));
    assert_eq!(report.freed_bytes, 5);
    assert!(!world.has_blob("a", &loose).await);
    assert_eq!(world.files().await, 2);
    let held = usage::size(&world.app, &world.registry.registry_id)
        .await
        .unwrap();
    assert_eq!(held, 37 + 6, "the configuration and the layer");
    // And it can be pushed again.
    world.push_blob("a", "loose").await;
    assert!(world.has_blob("a", &loose).await);
}

#[tokio::test]
async fn who_was_told_that_a_blob_is_there_can_push_its_manifest() {
    let world = World::new().await;
    let first = world.push_image("a", "v1", "one").await;
    world.pass(TimeDelta::hours(40));
    world.delete("a", &first).await;
    let repository = world.repository("a").await;
    for digest in [sha256(CONFIG), sha256("one")] {
        let told = blob::announce(&world.app, &repository, &digest).await;
        told.unwrap();
    }
    world.pass(TimeDelta::hours(23));
    assert!(!world.collect().await.has_removed());
    world.push("a", "v2", &image("one")).await.unwrap();
    world.check().await;
}

#[tokio::test]
async fn being_asked_writes_only_now_and_then() {
    let world = World::new().await;
    let digest = world.push_blob("a", "asked for").await;
    let repository = world.repository("a").await;
    let ask = || async {
        blob::announce(&world.app, &repository, &digest)
            .await
            .unwrap();
        world.documents(&[BLOB_LINK]).await
    };
    let first = ask().await;
    world.pass(TimeDelta::hours(6));
    assert_eq!(ask().await, first);
    world.pass(TimeDelta::minutes(1));
    let second = ask().await;
    assert_ne!(second, first);
    assert_eq!(ask().await, second);
}

#[tokio::test]
async fn a_mount_begins_a_grace_of_its_own() {
    let world = World::new().await;
    let digest = world.push_blob("a", "mounted").await;
    world.pass(TimeDelta::hours(20));
    world.mount("b", "a", &digest).await;
    world.pass(TimeDelta::hours(20));
    let report = world.collect().await;
    assert_eq!((report.links.removed, report.blobs.removed), (1, 0));
    assert!(!world.has_blob("a", &digest).await);
    assert!(world.has_blob("b", &digest).await);
    world.pass(TimeDelta::hours(5));
    assert_eq!(world.collect().await.blobs.removed, 1);
    assert_eq!(world.files().await, 0);
}

#[tokio::test]
async fn a_deleted_image_leaves_what_others_need() {
    let world = World::new().await;
    let one = world.push_image("a", "v1", "one").await;
    world.push_image("a", "v2", "two").await;
    world.push_image("b", "v1", "one").await;
    world.delete("a", &one).await;
    world.pass(TimeDelta::hours(25));
    let report = world.collect().await;
    assert_eq!((report.links.removed, report.blobs.removed), (1, 0));
    assert!(world.has_blob("b", &sha256("one")).await);
}

#[tokio::test]
async fn a_repository_that_holds_nothing_goes() {
    let world = World::new().await;
    world.push_blob("a", "loose").await;
    let digest = world.push_image("b", "v1", "layer").await;
    world.delete("b", &digest).await;
    world.pass(TimeDelta::hours(25));
    let report = world.collect().await;
    assert_eq!(report.repositories.removed, 2);
    assert_eq!(world.documents(DOCUMENTS).await.len(), 0);
}

#[tokio::test]
async fn a_dry_run_tells_and_does_nothing() {
    let world = World::new().await;
    world.push_image("a", "v1", "kept").await;
    world.push_blob("a", "shared").await;
    world.push_blob("b", "shared").await;
    world.push_blob("b", "loose").await;
    world.push_image("c", "v1", "shared").await;
    world.pass(TimeDelta::hours(25));
    let before = world.documents(DOCUMENTS).await;
    let told = collect(&world.app, true).await.unwrap();
    assert!(told.is_dry_run);
    assert_eq!(world.documents(DOCUMENTS).await, before);
    let done = world.collect().await;
    assert_eq!((told.links, told.blobs), (done.links, done.blobs));
    assert_eq!((told.freed_bytes, done.freed_bytes), (5, 5));
    assert!(
        !world.collect().await.has_removed(),
        "nothing is left to do"
    );
}
