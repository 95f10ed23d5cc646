//! A registry that keeps what is deleted, and the steps of a deletion one by one.

use acr_api::oci::Digest;
use acr_store::Batch;
use serde_json::{Value, json};

use super::super::{
    Restore,
    repository::{Grave, begin_burial},
    restore,
};
use crate::{
    domain::{
        Error,
        content::{
            collect::testing::{World, name},
            commit::commit,
            manifest::AT_ONCE,
        },
    },
    testing::Server,
};

/// How many tags [`crowd`] gives an image.
pub(super) const TAGS: usize = AT_ONCE + AT_ONCE / 2;

fn policy(status: &str) -> Value {
    json!({"policies": {"softDeletePolicy": {"status": status}}})
}

pub(super) async fn world() -> World {
    World::of(Server::start().await, policy("enabled")).await
}

/// The same registry, with the policy switched.
pub(super) async fn switch(world: World, status: &str) -> World {
    let path = world.server.registry("images");
    let body = json!({"properties": policy(status)});
    world.server.arm("PATCH", &path, Some(body)).await;
    World::beside(world.server).await
}

/// Pushes an image with more tags than go by one batch.
pub(super) async fn crowd(world: &World) -> Digest {
    world.push_crowd("a", TAGS).await
}

/// Takes the first step of the deletion of `a`.
pub(super) async fn begin(world: &World) {
    let repository = world.repository("a").await;
    let batch = begin_burial(&world.app, &repository, Batch::new());
    assert!(commit(&world.app, batch).await.unwrap());
}

pub(super) async fn grave(world: &World) -> Option<Grave> {
    let found = Grave::find(&world.app, &world.registry, &name("a")).await;
    found.unwrap()
}

/// The next batch of the deletion of `a`; none if all that is left is to end it.
pub(super) async fn slice(world: &World) -> Option<Batch> {
    let grave = grave(world).await.unwrap();
    grave.slice(&world.app).await.unwrap()
}

pub(super) async fn bring_back(world: &World, digest: &Digest) -> Result<(), Error> {
    let asked = Restore {
        name: &name("a"),
        digest,
        tag: None,
        is_forced: false,
    };
    let restored = restore(&world.app, &world.registry, asked).await;
    restored.map(drop)
}

pub(super) async fn count(world: &World, collection: &str) -> usize {
    world.documents(&[collection]).await.len()
}
