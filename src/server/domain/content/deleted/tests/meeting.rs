//! Requests that meet the deletion of a repository: what was acknowledged is there or can be brought back.

use acr_api::acr::ChangeableAttributes;
use acr_store::Batch;
use chrono::TimeDelta;

use super::{
    super::{bury, keep::Deletion, manifests, purge::Remains, repository::begin_burial},
    fixture::{begin, bring_back, count, crowd, grave, slice, world},
};
use crate::domain::content::{
    collect::testing::{CONFIG, image, name, sha256},
    collection::{DELETED_MANIFEST, DELETED_TAG, MANIFEST},
    commit::commit,
    manifest, repository,
};

#[tokio::test]
async fn a_push_before_the_first_batch_goes_with_the_rest() {
    let world = world().await;
    world.push_image("a", "v1", "early").await;
    let found = world.repository("a").await;
    let late = world.push_image("a", "v2", "late").await;
    let batch = begin_burial(&world.app, &found, Batch::new());
    assert!(commit(&world.app, batch).await.unwrap());
    bury(&world.app, &world.registry, &name("a")).await.unwrap();
    assert_eq!(count(&world, DELETED_MANIFEST).await, 2);
    bring_back(&world, &late).await.unwrap();
    world.check().await;
}

#[tokio::test]
async fn a_push_after_the_first_batch_is_not_deleted() {
    let world = world().await;
    let old = crowd(&world).await;
    begin(&world).await;
    let slow = grave(&world).await.unwrap();
    let new = world.push_image("a", "v1", "new").await;
    // Whoever was about to take the next slice finds the new tag instead of the old ones.
    let batch = slow.slice(&world.app).await.unwrap().unwrap();
    let committed = commit(&world.app, batch).await.unwrap();
    assert!(!committed, "the burial is over");
    bury(&world.app, &world.registry, &name("a")).await.unwrap();
    assert!(world.has_manifest("a", &new).await);
    assert!(!world.has_manifest("a", &old).await);
    assert_eq!(count(&world, MANIFEST).await, 1);
    world.check().await;
}

#[tokio::test]
async fn a_push_that_had_read_the_repository_looks_again() {
    let world = world().await;
    world.push_image("a", "v1", "layer").await;
    let found = world.repository("a").await;
    begin(&world).await;
    let refused = commit(&world.app, found.require(Batch::new())).await;
    assert!(!refused.unwrap());
}

#[tokio::test]
async fn two_that_bury_help_each_other() {
    let world = world().await;
    crowd(&world).await;
    begin(&world).await;
    let (first, second) = (slice(&world).await.unwrap(), slice(&world).await.unwrap());
    assert!(commit(&world.app, first).await.unwrap());
    assert!(!commit(&world.app, second).await.unwrap());
    let a = name("a");
    let bury = || bury(&world.app, &world.registry, &a);
    let (one, other) = tokio::join!(bury(), bury());
    one.and(other).unwrap();
    assert_eq!(count(&world, DELETED_MANIFEST).await, 1);
}

#[tokio::test]
async fn a_lock_before_the_first_batch_makes_it_look_again() {
    let world = world().await;
    let digest = world.push_image("a", "v1", "layer").await;
    let (a, found) = (name("a"), world.repository("a").await);
    let lock = ChangeableAttributes {
        delete_enabled: Some(false),
        ..ChangeableAttributes::default()
    };
    let locked = manifest::change(&world.app, &world.registry, &a, &digest, &lock).await;
    locked.unwrap();
    let batch = begin_burial(&world.app, &found, Batch::new());
    assert!(!commit(&world.app, batch).await.unwrap());
    let refused = repository::delete(&world.app, &world.registry, &a).await;
    assert!(refused.is_err());
    assert!(world.has_manifest("a", &digest).await);
}

/// The last of what a repository kept is purged, and before it is forgotten itself, it is used and deleted again.
#[tokio::test]
async fn a_purge_does_not_forget_what_was_deleted_anew() {
    let world = world().await;
    world.push_image("a", "v1", "old").await;
    let (app, registry, a) = (&world.app, &world.registry, name("a"));
    let found = world.repository("a").await;
    repository::delete(app, registry, &a).await.unwrap();
    let deletion = Deletion::of(&found, &sha256(&image("old")), None);
    let remains = Remains::find(app, registry, &deletion).await.unwrap();
    let emptied = [DELETED_MANIFEST, DELETED_TAG]
        .iter()
        .fold(Batch::new(), |batch, held| batch.remove_prefix(held, ""));
    app.meta().commit(emptied).await.unwrap();

    for layer in [CONFIG, "new"] {
        world.push_blob("a", layer).await;
    }
    let new = world.push("a", "v1", &image("new")).await.unwrap();
    world.pass(TimeDelta::seconds(1));
    repository::delete(app, registry, &a).await.unwrap();
    let forgotten = remains.unwrap().forget(app, registry, &deletion).await;
    forgotten.unwrap();
    let page = manifests(app, registry, &a, &Default::default()).await;
    assert_eq!(page.unwrap().items.len(), 1);
    bring_back(&world, &new).await.unwrap();
}

#[tokio::test]
async fn a_purge_does_not_forget_what_is_being_deleted() {
    let world = world().await;
    let digest = world.push_image("a", "", "layer").await;
    let deletion = Deletion::of(&world.repository("a").await, &digest, None);
    begin(&world).await;
    let remains = Remains::find(&world.app, &world.registry, &deletion).await;
    assert!(remains.unwrap().is_none(), "nothing is buried yet");
}
