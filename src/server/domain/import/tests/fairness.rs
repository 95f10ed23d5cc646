//! Registries that import much, and those beside them.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use serde_json::json;

use super::{
    fixture::{World, ended, from_host, job, registry},
    source::Source,
};
use crate::domain::{
    import::{self, begin::MOST_WAITING, desk::MOST_AT_ONCE, job::COLLECTION},
    operation::State,
};

/// Begins as many imports as a server works on at a time, none of which comes to an end.
async fn crowd(world: &World, source: &Source) -> Vec<String> {
    source.gate.forget_permits(usize::MAX);
    source.image("app", Some("v1"), "x");
    let mut begun = Vec::new();
    for number in 0..MOST_AT_ONCE {
        let target = format!("app:{number}");
        let request = from_host(&source.host, "app:v1", &[&target]);
        begun.push(world.begin(request).await);
    }
    while !source.has_been_asked("/v2/app/manifests/v1") {
        tokio::task::yield_now().await;
    }
    begun
}

#[tokio::test]
async fn imports_of_one_registry_leave_room_for_those_of_another() {
    let (world, slow) = (World::start().await, Source::start().await);
    world.server.create("other", "Basic", json!({})).await;
    let mut begun = crowd(&world, &slow).await;
    let quick = Source::start().await;
    quick.image("app", Some("v1"), "x");
    let request = from_host(&quick.host, "app:v1", &["app:v1"]);
    let id = world.begin_for("other", request).await;
    assert_eq!(ended(&world.server.app, &id).await, State::Succeeded);
    slow.gate.add_permits(1000);
    while let Some(id) = begun.pop() {
        assert_eq!(ended(&world.server.app, &id).await, State::Succeeded);
    }
}

#[tokio::test]
async fn what_only_waits_is_not_an_attempt_and_nobody_else_begins_it() {
    let (world, source) = (World::start().await, Source::start().await);
    let begun = crowd(&world, &source).await;
    let app = &world.server.app;
    let last = begun.last().unwrap();
    // Half of them work, and the others say that they wait.
    while job(app, last).await.leased_until - app.now() < TimeDelta::minutes(3) {
        tokio::task::yield_now().await;
    }
    assert_eq!(job(app, last).await.attempts, 0);
    world.server.advance(TimeDelta::seconds(61));
    let waiting = MOST_AT_ONCE / 2;
    assert_eq!(import::resume(app).await.unwrap(), MOST_AT_ONCE - waiting);
    assert_eq!(job(app, last).await.attempts, 0);
}

#[tokio::test]
async fn more_imports_than_can_wait_are_refused_for_now() {
    let world = World::start().await;
    let registry = registry(&world.server.app, "target").await;
    let mut batch = acr_store::Batch::new();
    for number in 0..MOST_WAITING {
        let key = format!("{}/{number}", registry.registry_id);
        batch = batch.insert(COLLECTION, &key, &json!({}));
    }
    world.server.app.meta().commit(batch).await.unwrap();
    let request = from_host("localhost:1", "app:v1", &["app:v1"]);
    let answer = world.ask(request).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.code(), "TooManyRequests");
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
}
