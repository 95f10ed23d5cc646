//! Requests that are refused before anything is begun, and how the end of one is asked for.

use axum::http::{StatusCode, header};
use serde_json::json;

use super::{
    fixture::{World, ended, from_host},
    source::Source,
};
use crate::domain::import;

#[tokio::test]
async fn a_request_that_makes_no_sense_begins_nothing() {
    let world = World::start().await;
    for body in [
        json!({}),
        json!({"source": {"sourceImage": "app:v1"}, "targetTags": ["a"]}),
        json!({"source": {"registryUri": "x.y", "resourceId": "/z", "sourceImage": "a"}, "targetTags": ["a"]}),
        json!({"source": {"registryUri": "http://x.y", "sourceImage": "a"}, "targetTags": ["a"]}),
        json!({"source": {"registryUri": "x.y/z", "sourceImage": "a"}, "targetTags": ["a"]}),
        json!({"source": {"registryUri": "me@x.y", "sourceImage": "a"}, "targetTags": ["a"]}),
        json!({"source": {"resourceId": "nonsense", "sourceImage": "a"}, "targetTags": ["a"]}),
        json!({"source": {"registryUri": "x.y", "sourceImage": "A"}, "targetTags": ["a"]}),
        json!({"source": {"registryUri": "x.y", "sourceImage": "a"}, "targetTags": "a"}),
    ] {
        let answer = world.ask(body.clone()).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{body}: {}",
            answer.text
        );
    }
    assert!(!import::is_any(&world.server.app).await.unwrap());
}

#[tokio::test]
async fn the_end_is_told_where_the_answer_says() {
    let (world, source) = (World::start().await, Source::start().await);
    source.image("app", Some("v1"), "x");
    let gate = source.gate.clone();
    gate.forget_permits(usize::MAX);
    let answer = world
        .ask(from_host(&source.host, "app:v1", &["app:v1"]))
        .await;
    let location = answer.headers[header::LOCATION].to_str().unwrap();
    let (address, query) = location.split_once('?').unwrap();
    assert!(query.contains("api-version"), "{location}");
    let path = address.split_once("localhost:5480").unwrap().1;
    let poll = || world.server.arm("GET", path, None);
    let running = poll().await;
    assert_eq!(running.status, StatusCode::ACCEPTED);
    assert!(running.headers.contains_key(header::LOCATION));
    gate.add_permits(100);
    ended(&world.server.app, path.rsplit('/').next().unwrap()).await;
    let done = poll().await;
    assert_eq!(
        (done.status, done.json()),
        (StatusCode::OK, json!({"status": "Succeeded"}))
    );
    assert!(!import::is_any(&world.server.app).await.unwrap());
    world.server.advance(chrono::TimeDelta::hours(25));
    let token = world.server.administrator_token().await;
    let late = world.server.arm_as(&token, "GET", path, None).await;
    assert_eq!(
        late.status,
        StatusCode::NOT_FOUND,
        "what is forgotten has not succeeded"
    );
}

#[tokio::test]
async fn a_failure_is_told_in_the_words_of_the_service() {
    let (world, source) = (World::start().await, Source::start().await);
    let answer = world
        .ask(from_host(&source.host, "app:v1", &["app:v1"]))
        .await;
    let location = answer.headers[header::LOCATION].to_str().unwrap();
    let path = location
        .split('?')
        .next()
        .unwrap()
        .split_once("localhost:5480")
        .unwrap()
        .1;
    let id = path.rsplit('/').next().unwrap();
    ended(&world.server.app, id).await;
    let failed = world.server.arm("GET", path, None).await;
    assert_eq!(
        (failed.status, failed.code().as_str()),
        (StatusCode::BAD_REQUEST, "SourceNotFound")
    );
    let message = failed.json()["error"]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    let registry = world.server.registry("target");
    assert!(
        message.starts_with(&format!("Operation {id} failed. Resource {registry} ")),
        "{message}"
    );
    assert!(message.contains(&source.host), "{message}");
}
