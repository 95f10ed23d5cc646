//! A manifest and what is about it: they go together, and nothing goes that has a tag, a lock or days left.

use acr_api::oci::Digest;
use chrono::TimeDelta;

use super::{
    super::group::{Fate, Group},
    fixture::{lock, run, untag, world},
};
use crate::domain::content::{
    collect::testing::{World, about, index},
    collection::{UNTAGGED, UNTAGGED_SINCE},
    manifest, tag,
};

/// An image that has lost its tag, and a signature of it under `tag`.
async fn signed(world: &World, tag: &str) -> (Digest, Digest) {
    let subject = world.push_image("a", "v1", "layer").await;
    let text = about(&subject, "layer");
    let signature = world.push("a", tag, &text).await.unwrap();
    untag(world, "a", "v1").await;
    (subject, signature)
}

async fn are_there(world: &World, manifests: &[&Digest], are_there: bool) {
    for digest in manifests {
        assert_eq!(world.has_manifest("a", digest).await, are_there, "{digest}");
    }
}

#[tokio::test]
async fn what_is_about_another_manifest_lives_and_goes_with_it() {
    let world = world(7).await;
    let subject = world.push_image("a", "v1", "layer").await;
    let text = about(&subject, "layer");
    let referrer = world.push("a", "", &text).await.unwrap();
    world.pass(TimeDelta::days(30));
    assert_eq!(run(&world).await, 0);
    are_there(&world, &[&referrer], true).await;
    untag(&world, "a", "v1").await;
    world.pass(TimeDelta::days(7));
    assert_eq!(run(&world).await, 2);
    are_there(&world, &[&subject, &referrer], false).await;
    world.pass(TimeDelta::days(7));
    assert_eq!(run(&world).await, 0);
    let noted = world.documents(&[UNTAGGED, UNTAGGED_SINCE]).await;
    assert_eq!(noted.len(), 0, "{noted:?}");
}

#[tokio::test]
async fn a_signature_with_a_tag_keeps_what_it_signs() {
    let world = world(7).await;
    let (subject, signature) = signed(&world, "signature").await;
    world.pass(TimeDelta::days(8));
    assert_eq!(run(&world).await, 0);
    are_there(&world, &[&subject, &signature], true).await;
    let repository = world.repository("a").await;
    let tag = "signature".parse().unwrap();
    let named = tag::find(&world.app, &repository, &tag).await.unwrap();
    assert_eq!(named.map(|tagged| tagged.digest), Some(signature));
    assert_eq!(
        world.documents(&[UNTAGGED]).await.len(),
        0,
        "noted when that ends"
    );
    untag(&world, "a", "signature").await;
    world.pass(TimeDelta::days(6));
    assert_eq!(run(&world).await, 0, "the signature has days of its own");
    world.pass(TimeDelta::days(1));
    assert_eq!(run(&world).await, 2);
    are_there(&world, &[&subject, &signature], false).await;
}

#[tokio::test]
async fn so_does_one_at_the_end_of_a_chain() {
    let world = world(7).await;
    let (subject, bill) = signed(&world, "").await;
    let text = about(&bill, "layer");
    let signature = world.push("a", "bill-signature", &text).await.unwrap();
    world.pass(TimeDelta::days(8));
    assert_eq!(run(&world).await, 0);
    are_there(&world, &[&subject, &bill, &signature], true).await;
    world.delete("a", &signature).await;
    world.pass(TimeDelta::days(7));
    assert_eq!(run(&world).await, 2, "what kept both is gone");
    are_there(&world, &[&subject, &bill], false).await;
}

#[tokio::test]
async fn a_locked_signature_keeps_what_it_signs() {
    let world = world(7).await;
    let (subject, signature) = signed(&world, "").await;
    lock(&world, &signature, false).await;
    world.pass(TimeDelta::days(8));
    assert_eq!(run(&world).await, 0);
    are_there(&world, &[&subject, &signature], true).await;
    lock(&world, &signature, true).await;
    world.pass(TimeDelta::days(7));
    assert_eq!(run(&world).await, 2);
}

#[tokio::test]
async fn a_list_of_signatures_keeps_what_they_sign() {
    let world = world(7).await;
    let (subject, signature) = signed(&world, "").await;
    let list = world
        .push("a", "list", &index(&[&signature]))
        .await
        .unwrap();
    world.pass(TimeDelta::days(8));
    assert_eq!(run(&world).await, 0);
    are_there(&world, &[&subject, &signature, &list], true).await;
    world.delete("a", &list).await;
    world.pass(TimeDelta::days(7));
    assert_eq!(run(&world).await, 2);
    are_there(&world, &[&subject, &signature], false).await;
}

#[tokio::test]
async fn a_list_that_goes_with_them_keeps_nothing() {
    let world = world(7).await;
    let (subject, signature) = signed(&world, "").await;
    let mut list: serde_json::Value = serde_json::from_str(&index(&[&signature])).unwrap();
    list["subject"] =
        serde_json::json!({"mediaType": list["mediaType"], "digest": subject, "size": 1});
    let list = world.push("a", "", &list.to_string()).await.unwrap();
    world.pass(TimeDelta::days(8));
    assert_eq!(run(&world).await, 3);
    are_there(&world, &[&subject, &signature, &list], false).await;
}

#[tokio::test]
async fn a_tag_that_comes_in_between_keeps_both() {
    let world = world(0).await;
    let (subject, signature) = signed(&world, "").await;
    world.pass(TimeDelta::days(2));
    let repository = world.repository("a").await;
    let found = manifest::look_up(&world.app, &repository, &subject).await;
    let group = Group::of(
        &world.app,
        &repository,
        TimeDelta::zero(),
        found.unwrap().unwrap(),
    );
    let group = group.await.unwrap();
    assert_eq!(group.fate(&world.app).await.unwrap(), Fate::Goes);
    assert!(group.mark(&world.app).await.unwrap());
    let leaving = group.again(&world.app).await.unwrap().unwrap();
    let text = about(&subject, "layer");
    world.push("a", "signature", &text).await.unwrap();
    assert_eq!(leaving.remove(&world.app).await.unwrap(), None);
    assert_eq!(run(&world).await, 0);
    are_there(&world, &[&subject, &signature], true).await;
}
