//! The deletion of the last manifest, with which its repository goes.

use acr_store::Batch;

use super::super::{
    super::{
        collect::testing::{CONFIG, World, image, name},
        collection::{BARE_REPOSITORY, BURIAL, MANIFEST, REPOSITORY},
        commit::commit,
        repository,
    },
    burial::begin,
    delete,
    record::look_up,
    removal::removal,
};

async fn count(world: &World, collection: &str) -> usize {
    world.documents(&[collection]).await.len()
}

async fn is_listed(world: &World) -> bool {
    let page = repository::list(&world.app, &world.registry, None, None).await;
    !page.unwrap().items.is_empty()
}

/// Wants `a` to be nowhere but in the collection of bare repositories.
async fn assert_bare(world: &World) {
    let places = (
        count(world, REPOSITORY).await,
        count(world, BARE_REPOSITORY).await,
    );
    assert_eq!((places, count(world, BURIAL).await), ((0, 1), 0));
    assert!(!is_listed(world).await && !world.has_repository("a").await);
    world.check().await;
}

#[tokio::test]
async fn its_repository_is_not_seen_from_the_first_batch_on() {
    let world = World::new().await;
    let digest = world.push_image("a", "v1", "layer").await;
    let repository = world.repository("a").await;
    let found = look_up(&world.app, &repository, &digest).await.unwrap();
    let batch = begin(&world.app, &repository, &[found.unwrap()]);
    assert!(is_listed(&world).await);
    assert!(commit(&world.app, batch).await.unwrap());
    assert!(!is_listed(&world).await && !world.has_repository("a").await);
    // Whoever comes next completes it, and what waits in it stays.
    world.push("a", "v1", &image("layer")).await.unwrap();
    assert!(is_listed(&world).await);
    world.check().await;
}

/// Both have read the repository while it had two.
#[tokio::test]
async fn two_deletions_at_once_leave_no_empty_repository() {
    let world = World::new().await;
    let first = world.push_image("a", "", "1").await;
    let second = world.push_image("a", "", "2").await;
    let (app, registry, a) = (&world.app, &world.registry, name("a"));
    let repository = world.repository("a").await;
    let found = look_up(app, &repository, &first).await.unwrap().unwrap();
    let batch = removal(app, &repository, &found, repository.require(Batch::new())).await;
    let other = look_up(app, &repository, &second).await.unwrap().unwrap();
    let other = removal(app, &repository, &other, repository.require(Batch::new())).await;
    assert!(commit(app, batch.unwrap()).await.unwrap());
    assert!(commit(app, other.unwrap()).await.unwrap());
    assert!(is_listed(&world).await, "both broke off there");
    world.collect().await;
    assert!(!is_listed(&world).await && !world.has_repository("a").await);

    let third = world.push_image("a", "", "3").await;
    let fourth = world.push_image("a", "", "4").await;
    let (one, other) = tokio::join!(
        delete(app, registry, &a, &third),
        delete(app, registry, &a, &fourth)
    );
    one.and(other).unwrap();
    assert_bare(&world).await;
}

#[tokio::test]
async fn a_push_in_between_keeps_the_repository() {
    let world = World::new().await;
    let digest = world.push_image("a", "v1", "1").await;
    for layer in [CONFIG, "2"] {
        world.push_blob("a", layer).await;
    }
    let repository = world.repository("a").await;
    let found = look_up(&world.app, &repository, &digest).await.unwrap();
    let batch = begin(&world.app, &repository, &[found.unwrap()]);
    // It does not write the repository, so the deletion goes on.
    let late = world.push("a", "v2", &image("2")).await.unwrap();
    assert!(commit(&world.app, batch).await.unwrap());
    assert!(is_listed(&world).await);
    assert!(world.has_manifest("a", &late).await && !world.has_manifest("a", &digest).await);
    world.delete("a", &late).await;
    assert_eq!(count(&world, MANIFEST).await, 0);
    assert_bare(&world).await;
}
