//! When the days of a manifest begin and end.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    super::group::{Fate, Group},
    fixture::{lock, policy, run, untag, world},
};
use crate::{
    domain::content::{
        collect::testing::{World, image, index, sha256},
        collection::{UNTAGGED, UNTAGGED_SINCE},
        manifest,
    },
    testing::Server,
};

#[tokio::test]
async fn the_days_begin_when_the_last_tag_is_gone() {
    let world = world(7).await;
    let digest = world.push_image("a", "v1", "layer").await;
    world.push("a", "v2", &image("layer")).await.unwrap();
    untag(&world, "a", "v1").await;
    world.pass(TimeDelta::days(8));
    assert_eq!(run(&world).await, 0, "it has another tag");
    // This one moves to another manifest.
    world.push_image("a", "v2", "other").await;
    world.pass(TimeDelta::hours(7 * 24 - 1));
    assert_eq!(run(&world).await, 0);
    assert!(world.has_manifest("a", &digest).await);
    world.pass(TimeDelta::hours(1));
    assert_eq!(run(&world).await, 1);
    assert!(!world.has_manifest("a", &digest).await);
    assert!(world.has_manifest("a", &sha256(&image("other"))).await);
    assert_eq!(world.documents(&[UNTAGGED, UNTAGGED_SINCE]).await.len(), 0);
}

/// <https://github.com/Azure/acr/issues/520>
#[tokio::test]
async fn a_tag_in_time_saves_it() {
    let world = world(7).await;
    let digest = world.push_image("a", "v1", "layer").await;
    untag(&world, "a", "v1").await;
    world.pass(TimeDelta::days(6));
    world.push("a", "v2", &image("layer")).await.unwrap();
    world.pass(TimeDelta::days(6));
    assert_eq!(run(&world).await, 0);
    // The days begin anew when that one is gone.
    untag(&world, "a", "v2").await;
    world.pass(TimeDelta::days(6));
    assert_eq!(run(&world).await, 0);
    assert!(world.has_manifest("a", &digest).await);
    world.pass(TimeDelta::days(1));
    assert_eq!(run(&world).await, 1);
}

#[tokio::test]
async fn what_is_pushed_without_a_tag_counts_but_is_waited_for() {
    let world = world(0).await;
    let child = world.push_image("a", "", "layer").await;
    assert_eq!(run(&world).await, 0, "a list may be on its way");
    world.pass(TimeDelta::hours(24));
    assert_eq!(run(&world).await, 1);
    assert!(!world.has_manifest("a", &child).await);
}

#[tokio::test]
async fn no_days_at_all_is_at_once() {
    let world = world(0).await;
    world.push_image("a", "v1", "layer").await;
    untag(&world, "a", "v1").await;
    assert_eq!(run(&world).await, 1);
}

#[tokio::test]
async fn a_list_keeps_its_children_until_it_goes_itself() {
    let world = world(7).await;
    let children = [
        world.push_image("a", "", "arm").await,
        world.push_image("a", "", "intel").await,
    ];
    let list = index(&[&children[0], &children[1]]);
    let list = world.push("a", "all", &list).await.unwrap();
    world.pass(TimeDelta::days(8));
    assert_eq!(run(&world).await, 0);
    untag(&world, "a", "all").await;
    world.pass(TimeDelta::days(7));
    assert_eq!(run(&world).await, 1);
    assert!(!world.has_manifest("a", &list).await);
    world.pass(TimeDelta::days(7));
    assert_eq!(
        run(&world).await,
        2,
        "the children have had no list for as long"
    );
    for child in &children {
        assert!(!world.has_manifest("a", child).await);
    }
}

#[tokio::test]
async fn a_list_that_comes_in_between_keeps_its_child() {
    let world = world(0).await;
    let child = world.push_image("a", "v1", "layer").await;
    untag(&world, "a", "v1").await;
    let repository = world.repository("a").await;
    let found = manifest::look_up(&world.app, &repository, &child)
        .await
        .unwrap()
        .unwrap();
    let group = Group::of(&world.app, &repository, TimeDelta::zero(), found).await;
    let group = group.unwrap();
    assert_eq!(group.fate(&world.app).await.unwrap(), Fate::Goes);
    assert!(group.mark(&world.app).await.unwrap());
    let leaving = group.again(&world.app).await.unwrap().unwrap();
    assert!(leaving.is_leaving());
    world.push("a", "all", &index(&[&child])).await.unwrap();
    assert_eq!(leaving.remove(&world.app).await.unwrap(), None);
    assert_eq!(run(&world).await, 0);
    assert!(world.has_manifest("a", &child).await);
}

#[tokio::test]
async fn a_lock_keeps_it_and_its_end_begins_the_days() {
    let world = world(7).await;
    let digest = world.push_image("a", "v1", "layer").await;
    lock(&world, &digest, false).await;
    untag(&world, "a", "v1").await;
    world.pass(TimeDelta::days(10));
    assert_eq!(run(&world).await, 0);
    lock(&world, &digest, true).await;
    world.pass(TimeDelta::days(6));
    assert_eq!(run(&world).await, 0);
    world.pass(TimeDelta::days(1));
    assert_eq!(run(&world).await, 1);
}

#[tokio::test]
async fn nothing_is_deleted_that_was_untagged_without_the_policy() {
    let world = World::of(Server::start().await, json!({})).await;
    let digest = world.push_image("a", "v1", "layer").await;
    untag(&world, "a", "v1").await;
    assert_eq!(world.documents(&[UNTAGGED]).await.len(), 0);
    world
        .server
        .arm(
            "PATCH",
            &world.server.registry("images"),
            Some(json!({"properties": policy(0)})),
        )
        .await;
    world.pass(TimeDelta::days(30));
    assert_eq!(run(&world).await, 0);
    assert!(world.has_manifest("a", &digest).await);
}

#[tokio::test]
async fn without_the_policy_or_the_registry_nothing_stays_noted() {
    let mut world = world(7).await;
    world.push_image("a", "v1", "layer").await;
    untag(&world, "a", "v1").await;
    let off = json!({"properties": {"policies": {"retentionPolicy": {"status": "disabled"}}}});
    let path = world.server.registry("images");
    world.server.arm("PATCH", &path, Some(off)).await;
    world.app.access_memory().forget();
    assert_eq!(run(&world).await, 0);
    assert_eq!(world.documents(&[UNTAGGED]).await.len(), 0);
    world.pass(TimeDelta::days(30));
    world.server.token = world.server.administrator_token().await;
    assert_eq!(run(&world).await, 0);
}
