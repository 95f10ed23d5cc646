//! A registry with the policy, and what is done in it.

use acr_api::{acr::ChangeableAttributes, oci::Digest};
use serde_json::{Value, json};

use super::super::expire;
use crate::{
    domain::content::{
        collect::testing::{World, name},
        manifest, tag,
    },
    testing::Server,
};

pub(super) fn policy(days: i64) -> Value {
    json!({"policies": {"retentionPolicy": {"status": "enabled", "days": days}}})
}

pub(super) async fn world(days: i64) -> World {
    World::of(Server::start().await, policy(days)).await
}

pub(super) async fn untag(world: &World, repository: &str, text: &str) {
    let (name, tag) = (name(repository), text.parse().unwrap());
    tag::delete(&world.app, &world.registry, &name, &tag)
        .await
        .unwrap();
}

pub(super) async fn lock(world: &World, digest: &Digest, is_deletable: bool) {
    let change = ChangeableAttributes {
        delete_enabled: Some(is_deletable),
        ..ChangeableAttributes::default()
    };
    let a = name("a");
    let changed = manifest::change(&world.app, &world.registry, &a, digest, &change).await;
    changed.unwrap();
}

/// How many manifests the job deletes; what is left is whole.
pub(super) async fn run(world: &World) -> u64 {
    let deleted = expire(&world.app).await.unwrap();
    world.check().await;
    deleted
}
