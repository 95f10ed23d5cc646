//! The deletion of a repository that keeps what is deleted: some of it at a time, and never by halves.

use acr_api::acr::PageQuery;
use chrono::TimeDelta;

use super::{
    super::{has_any, manifests, purge, repositories, tags},
    fixture::{TAGS, begin, bring_back, count, crowd, grave, slice, switch, world},
};
use crate::domain::content::{
    collect::testing::{World, name},
    collection::{BURIAL, DELETED_MANIFEST, DELETED_REPOSITORY, DELETED_TAG, MANIFEST, TAG},
    commit::commit,
    manifest::AT_ONCE,
    repository,
};

/// Begins to delete `a` and breaks off after so many slices.
async fn break_off(world: &World, slices: usize) {
    begin(world).await;
    for _ in 0..slices {
        let batch = slice(world).await.unwrap();
        assert!(commit(&world.app, batch).await.unwrap());
    }
}

/// When each repository, manifest and tag was deleted.
async fn times(world: &World) -> Vec<String> {
    let (app, registry, a) = (&world.app, &world.registry, name("a"));
    let query = PageQuery {
        n: Some(1000),
        ..PageQuery::default()
    };
    let of_repositories = repositories(app, registry, &query).await.unwrap().items;
    let of_manifests = manifests(app, registry, &a, &query).await.unwrap().items;
    let of_tags = tags(app, registry, &a, &query).await.unwrap().items;
    let mut times: Vec<String> = Vec::new();
    times.extend(of_repositories.into_iter().map(|one| one.deleted_at));
    times.extend(of_manifests.into_iter().map(|one| one.deleted_at));
    times.extend(of_tags.into_iter().map(|one| one.deleted_at));
    times
}

#[tokio::test]
async fn no_batch_grows_with_the_repository() {
    let world = world().await;
    crowd(&world).await;
    begin(&world).await;
    assert!(!world.has_repository("a").await, "it is gone at once");
    for (tags, manifests) in [(TAGS - AT_ONCE, 1), (0, 1), (0, 0)] {
        let batch = slice(&world).await.unwrap();
        assert!(commit(&world.app, batch).await.unwrap());
        let left = (count(&world, TAG).await, count(&world, MANIFEST).await);
        assert_eq!(left, (tags, manifests));
        world.check().await;
    }
    assert!(slice(&world).await.is_none());
}

#[tokio::test]
async fn one_that_broke_off_is_completed_by_the_next_push() {
    for slices in 0..=3 {
        let world = world().await;
        let old = crowd(&world).await;
        break_off(&world, slices).await;
        let new = world.push_image("a", "v0", "new").await;
        assert!(world.has_manifest("a", &new).await);
        assert!(
            !world.has_manifest("a", &old).await,
            "after {slices} slices"
        );
        assert_eq!(
            (count(&world, TAG).await, count(&world, BURIAL).await),
            (1, 0)
        );
        assert_eq!(count(&world, DELETED_TAG).await, TAGS);
        bring_back(&world, &old).await.unwrap();
        assert!(world.has_manifest("a", &old).await);
        world.check().await;
    }
}

#[tokio::test]
async fn one_that_broke_off_is_completed_by_the_job() {
    let world = world().await;
    crowd(&world).await;
    let begun = world.app.now();
    break_off(&world, 1).await;
    world.pass(TimeDelta::days(1));
    assert!(has_any(&world.app).await.unwrap());
    assert_eq!(purge(&world.app, &world.registry).await.unwrap(), 0);
    assert!(grave(&world).await.is_none());
    assert_eq!(count(&world, BURIAL).await, 0);
    let times = times(&world).await;
    assert_eq!(times.len(), 1 + 1 + TAGS);
    let is_then = |time: &String| time.parse() == Ok(begun);
    assert!(
        times.iter().all(is_then),
        "the days begin with the deletion"
    );
    world.pass(TimeDelta::days(6));
    let purged = purge(&world.app, &world.registry).await.unwrap();
    assert_eq!(purged, TAGS as u64 + 1);
    assert_eq!(count(&world, DELETED_REPOSITORY).await, 0);
}

#[tokio::test]
async fn whoever_asks_what_was_deleted_sees_all_of_it() {
    let world = world().await;
    crowd(&world).await;
    break_off(&world, 1).await;
    assert_eq!(times(&world).await.len(), 1 + 1 + TAGS);
}

#[tokio::test]
async fn the_policy_holds_that_was_on_at_the_beginning() {
    let world = world().await;
    let digest = crowd(&world).await;
    break_off(&world, 1).await;
    let world = switch(world, "disabled").await;
    purge(&world.app, &world.registry).await.unwrap();
    bring_back(&world, &digest).await.unwrap();

    let deleted = repository::delete(&world.app, &world.registry, &name("a")).await;
    deleted.unwrap();
    assert_eq!(count(&world, DELETED_MANIFEST).await, 0);
    assert_eq!(count(&world, DELETED_TAG).await, TAGS, "the ones of before");
    assert!(bring_back(&world, &digest).await.is_err());
}

#[tokio::test]
async fn one_of_which_nothing_is_kept_is_forgotten() {
    let world = world().await;
    crowd(&world).await;
    let world = switch(world, "disabled").await;
    break_off(&world, 2).await;
    purge(&world.app, &world.registry).await.unwrap();
    assert_eq!(count(&world, DELETED_REPOSITORY).await, 0);
    assert!(!has_any(&world.app).await.unwrap());
    let report = world.collect().await;
    assert_eq!((report.repositories.removed, report.blobs.removed), (1, 2));
}
