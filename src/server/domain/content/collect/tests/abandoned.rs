//! What deleted repositories and registries held.

use acr_api::acr::ChangeableAttributes;
use acr_store::Batch;
use axum::http::StatusCode;
use chrono::TimeDelta;

use super::super::testing::{World, index, name, sha256};
use crate::domain::content::{collection::*, manifest, repository, tag, upload};

/// All that content is stored in, but for what ends by itself.
const ALL: &[&str] = &[
    REPOSITORY,
    BARE_REPOSITORY,
    MANIFEST,
    MANIFEST_CONTENT,
    MANIFEST_BY_TIME,
    MANIFEST_REFERENCE,
    REFERRER,
    TAG,
    TAG_OF,
    TAG_BY_TIME,
    BLOB,
    BLOB_LINK,
    BLOB_HOLDER,
    BLOB_STORAGE,
    UPLOAD,
    ABANDONED_REPOSITORY,
    ABANDONED_REGISTRY,
];

async fn delete(world: &World, repository: &str) {
    let name = name(repository);
    let deleted = repository::delete(&world.app, &world.registry, &name).await;
    deleted.unwrap();
}

#[tokio::test]
async fn a_deleted_repository_is_gone_at_once_and_its_content_soon() {
    let world = World::new().await;
    let child = world.push_image("a", "v1", "layer").await;
    world.push("a", "all", &index(&[&child])).await.unwrap();
    world.push_blob("a", "loose").await;
    delete(&world, "a").await;
    assert!(!world.has_repository("a").await);
    assert_eq!(world.files().await, 3, "nothing was read, nothing removed");
    let report = world.collect().await;
    assert_eq!((report.repositories.removed, report.blobs.removed), (1, 3));
    assert_eq!(world.documents(ALL).await.len(), 0);
    assert_eq!(world.files().await, 0);
}

#[tokio::test]
async fn a_new_repository_of_the_old_name_has_nothing_to_do_with_it() {
    let world = World::new().await;
    world.push_image("a", "v1", "layer").await;
    world.push_image("b", "v1", "shared").await;
    world.push_image("a", "v2", "shared").await;
    delete(&world, "a").await;
    let digest = world.push_image("a", "v1", "layer").await;
    let report = world.collect().await;
    // The new repository needs the old bytes.
    assert_eq!(report.blobs.removed, 0);
    assert!(world.has_manifest("a", &digest).await);
    for (repository, layer) in [("a", "layer"), ("b", "shared")] {
        assert!(world.has_blob(repository, &sha256(layer)).await);
    }
    assert!(!world.has_blob("a", &sha256("shared")).await);
}

#[tokio::test]
async fn a_large_repository_goes_in_slices() {
    let world = World::new().await;
    world.push_image("a", "v1", "layer").await;
    let id = world.repository("a").await.id().to_owned();
    let many = (0..1_234).fold(Batch::new(), |batch, number| {
        batch.put(TAG_BY_TIME, &key3(&id, number, "tag"), &MARK)
    });
    world.app.meta().commit(many).await.unwrap();
    delete(&world, "a").await;
    world.collect().await;
    assert_eq!(world.documents(ALL).await.len(), 0);
}

#[tokio::test]
async fn a_deleted_registry_leaves_nothing() {
    let world = World::new().await;
    world.push_image("a", "v1", "layer").await;
    world.push_blob("b/c", "loose").await;
    let algorithm = sha256("").algorithm();
    let d = name("d");
    let begun = upload::begin(&world.app, &world.registry, &d, algorithm);
    begun.await.unwrap();
    let path = world.server.registry("images");
    let deleted = world.server.arm("DELETE", &path, None).await;
    assert_eq!(deleted.status, StatusCode::ACCEPTED, "{}", deleted.text);
    // The same name, another registry.
    world
        .server
        .create("images", "Premium", serde_json::json!({}))
        .await;
    let report = world.collect().await;
    assert_eq!(
        (report.repositories.removed, report.uploads.removed),
        (2, 1)
    );
    assert_eq!(world.files().await, 0);
    // A request that found the registry before it was deleted.
    world.push_blob("late", "late").await;
    world.pass(TimeDelta::hours(25));
    world.collect().await;
    assert_eq!(world.documents(ALL).await.len(), 0);
    assert_eq!(world.files().await, 0);
}

/// A deletion removes the repository exactly as it was before it looked for locks.
#[tokio::test]
async fn a_lock_makes_a_deletion_look_again() {
    let world = World::new().await;
    let digest = world.push_image("a", "v1", "layer").await;
    let before = world.documents(&[REPOSITORY]).await;
    let lock = ChangeableAttributes {
        delete_enabled: Some(false),
        ..ChangeableAttributes::default()
    };
    let (a, v1) = (name("a"), "v1".parse().unwrap());
    let locked = manifest::change(&world.app, &world.registry, &a, &digest, &lock).await;
    locked.unwrap();
    let between = world.documents(&[REPOSITORY]).await;
    assert_ne!(between, before);
    let locked = tag::change(&world.app, &world.registry, &a, &v1, &lock).await;
    locked.unwrap();
    assert_ne!(world.documents(&[REPOSITORY]).await, between);
    let refused = repository::delete(&world.app, &world.registry, &a).await;
    assert!(refused.is_err());
    assert!(world.has_manifest("a", &digest).await);
}
