//! The deletion of a manifest with more tags than go by one batch.

use std::collections::BTreeSet;

use acr_api::{
    acr::{ChangeableAttributes, PageQuery},
    oci::{Digest, Reference},
};

use super::super::{
    super::{
        Repository,
        collect::testing::{World, about, name},
        collection::{BURIAL, MANIFEST, TAG},
        commit::commit,
        deleted, referrer, repository, tag,
    },
    burial::{begin, bury, slice},
    delete,
    group::with_referrers,
    record::look_up,
    removal::{AT_ONCE, remove},
};
use crate::domain::content::manifest;

/// How many tags the image has: more than go by one batch.
const TAGS: usize = AT_ONCE + 1;

async fn count(world: &World, collection: &str) -> usize {
    world.documents(&[collection]).await.len()
}

/// In `a`, an image with many tags, which is signed, and another one.
async fn world() -> (World, Digest, Digest) {
    let world = World::new().await;
    let digest = world.push_crowd("a", TAGS).await;
    let signature = about(&digest, "crowd");
    world.push("a", "signature", &signature).await.unwrap();
    let other = world.push_image("a", "other", "other").await;
    (world, digest, other)
}

/// Takes the first step of the deletion.
async fn start(world: &World, digest: &Digest) {
    let repository = world.repository("a").await;
    let found = look_up(&world.app, &repository, digest).await.unwrap();
    let group = with_referrers(&world.app, &repository, found.unwrap()).await;
    let batch = begin(&world.app, &repository, &group.unwrap());
    assert!(commit(&world.app, batch).await.unwrap());
}

/// Takes the next step; false if there is none.
async fn go_on(world: &World) -> bool {
    let repository = world.repository("a").await;
    let Some((repository, dying)) = repository.with_dying(&world.app).await.unwrap() else {
        return false;
    };
    let batch = slice(&world.app, &repository, dying).await.unwrap();
    commit(&world.app, batch).await.unwrap()
}

/// The tags and the digests of `a`, as all that lists them agrees.
async fn seen(world: &World) -> (Vec<String>, BTreeSet<Digest>) {
    let (app, repository) = (&world.app, &world.repository("a").await);
    let names = tag::names(app, repository, None, Some(1000)).await.unwrap();
    let query = PageQuery {
        n: Some(1000),
        ..PageQuery::default()
    };
    let tags = tag::list(app, repository, &query, None).await.unwrap();
    let listed: Vec<String> = tags.items.into_iter().map(|tag| tag.name).collect();
    assert_eq!(listed, names.items);
    let manifests = manifest::list(app, repository, &query).await.unwrap();
    let digests: BTreeSet<Digest> = manifests.items.iter().map(|one| one.digest).collect();
    let attributes = repository::attributes(app, repository).await.unwrap();
    let counts = (attributes.tag_count, attributes.manifest_count);
    assert_eq!(counts, (listed.len() as u64, digests.len() as u64));
    (listed, digests)
}

async fn is_found(world: &World, repository: &Repository, reference: Reference) -> bool {
    let found = manifest::find(&world.app, repository, &reference).await;
    found.is_ok()
}

#[tokio::test]
async fn it_is_all_gone_with_the_first_batch() {
    let (world, digest, other) = world().await;
    start(&world, &digest).await;
    let mut slices = 0;
    loop {
        assert_eq!(
            seen(&world).await,
            (vec!["other".to_owned()], BTreeSet::from([other]))
        );
        let repository = world.repository("a").await;
        for gone in [digest.into(), "v1".parse().unwrap()] {
            assert!(!is_found(&world, &repository, gone).await);
        }
        let referrers = referrer::list(&world.app, &repository, &digest, None, (None, None));
        assert_eq!(referrers.await.unwrap().items, []);
        world.check().await;
        if !go_on(&world).await {
            break;
        }
        slices += 1;
    }
    assert_eq!(slices, 2, "so much at a time");
    let left = (count(&world, TAG).await, count(&world, MANIFEST).await);
    assert_eq!((left, count(&world, BURIAL).await), ((1, 1), 0));
}

#[tokio::test]
async fn one_that_broke_off_is_completed_by_whoever_writes() {
    for slices in 0..=1 {
        let (world, digest, other) = world().await;
        start(&world, &digest).await;
        for _ in 0..slices {
            assert!(go_on(&world).await);
        }
        let new = world.push_image("a", "v1", "crowd").await;
        assert_eq!(new, digest, "the same image");
        let (tags, digests) = seen(&world).await;
        assert_eq!(tags, ["other", "v1"]);
        assert_eq!(digests, BTreeSet::from([digest, other]));
        world.check().await;
    }
}

#[tokio::test]
async fn one_that_broke_off_is_completed_by_the_job() {
    let (world, digest, other) = world().await;
    start(&world, &digest).await;
    assert!(deleted::has_any(&world.app).await.unwrap());
    deleted::purge(&world.app, &world.registry).await.unwrap();
    assert_eq!(count(&world, TAG).await, 1);
    assert!(!deleted::has_any(&world.app).await.unwrap());
    assert!(world.has_manifest("a", &other).await);
    world.check().await;
}

#[tokio::test]
async fn two_that_bury_help_each_other() {
    let (world, digest, _) = world().await;
    start(&world, &digest).await;
    let repository = world.repository("a").await;
    let bury = || bury(&world.app, &repository);
    let (one, other) = tokio::join!(bury(), bury());
    one.and(other).unwrap();
    assert_eq!(
        (count(&world, TAG).await, count(&world, MANIFEST).await),
        (1, 1)
    );
}

#[tokio::test]
async fn a_change_of_something_else_does_not_end_it() {
    let (world, digest, other) = world().await;
    start(&world, &digest).await;
    let (app, registry, a) = (&world.app, &world.registry, name("a"));
    let hidden = ChangeableAttributes {
        list_enabled: Some(false),
        ..ChangeableAttributes::default()
    };
    manifest::change(app, registry, &a, &other, &hidden)
        .await
        .unwrap();
    let unknown = manifest::change(app, registry, &a, &digest, &hidden).await;
    assert_eq!(unknown.unwrap_err().code(), "MANIFEST_UNKNOWN");
    let v1 = "v1".parse().unwrap();
    let unknown = tag::delete(app, registry, &a, &v1).await;
    assert_eq!(unknown.unwrap_err().code(), "TAG_UNKNOWN");
    delete(app, registry, &a, &other).await.unwrap();
    assert_eq!(
        (count(&world, TAG).await, count(&world, MANIFEST).await),
        (0, 0)
    );
    assert!(!world.has_repository("a").await);
}

#[tokio::test]
async fn a_tag_in_between_makes_it_look_again() {
    let (world, digest, _) = world().await;
    let repository = world.repository("a").await;
    let found = look_up(&world.app, &repository, &digest).await.unwrap();
    let batch = begin(&world.app, &repository, &[found.unwrap()]);
    world.push_image("a", "late", "crowd").await;
    assert!(!commit(&world.app, batch).await.unwrap());
}

#[tokio::test]
async fn a_lock_anywhere_keeps_all_of_it() {
    let (world, digest, _) = world().await;
    let (app, registry, a) = (&world.app, &world.registry, name("a"));
    let lock = ChangeableAttributes {
        delete_enabled: Some(false),
        ..ChangeableAttributes::default()
    };
    // The last tag of all, which the first batch would not reach.
    let last = "v99".parse().unwrap();
    let locked = tag::change(app, registry, &a, &last, &lock).await;
    locked.unwrap();
    assert!(delete(app, registry, &a, &digest).await.is_err());
    assert_eq!(count(&world, TAG).await, TAGS + 2);
}

/// Whoever has read the repository meanwhile does not undo what was begun.
#[tokio::test]
async fn another_deletion_completes_it_first() {
    let (world, digest, other) = world().await;
    start(&world, &digest).await;
    let repository = world.repository("a").await;
    let found = look_up(&world.app, &repository, &other).await.unwrap();
    let group = [found.unwrap()];
    let removed = remove(&world.app, &repository, &group, &[]).await;
    assert!(!removed.unwrap(), "it has to look again");
    assert_eq!(
        seen(&world).await,
        (vec!["other".to_owned()], BTreeSet::from([other]))
    );
    assert_eq!(count(&world, BURIAL).await, 0);
}
