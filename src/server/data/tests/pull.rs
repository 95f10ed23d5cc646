//! When manifests and tags were pulled last.

use axum::{body::Body, http::StatusCode};
use chrono::TimeDelta;
use serde_json::Value;

use super::fixture::Client;
use crate::domain::content::pull;

async fn times(client: &Client, digest: &str) -> (Value, Value) {
    let manifest = client.get(&format!("/acr/v1/a/_manifests/{digest}")).await;
    let tag = client.get("/acr/v1/a/_tags/v1").await;
    let time = |answer: Value| answer["lastPullTime"].clone();
    (
        time(manifest.json()["manifest"].clone()),
        time(tag.json()["tag"].clone()),
    )
}

#[tokio::test]
async fn a_pull_is_told_once_it_is_written() {
    let client = Client::start().await;
    let (digest, _) = client.push_image("a", "v1", "one").await;
    let by_digest = format!("/v2/a/manifests/{digest}");
    client.server.advance(TimeDelta::seconds(5));
    client.get("/v2/a/manifests/v1").await;
    client.server.advance(TimeDelta::seconds(5));
    client.get(&by_digest).await;
    assert_eq!(times(&client, &digest).await, (Value::Null, Value::Null));
    pull::write(&client.server.app).await;
    let seconds = |second: u32| Value::from(format!("2026-09-10T09:00:{second:02}.0000000Z"));
    assert_eq!(times(&client, &digest).await, (seconds(10), seconds(5)));
    let manifest = client.get(&format!("/acr/v1/a/_manifests/{digest}")).await;
    let updated = &manifest.json()["manifest"]["lastUpdateTime"];
    assert_eq!(*updated, seconds(0), "a pull is no change");
    client.server.advance(TimeDelta::seconds(5));
    client.send("HEAD", &by_digest, Body::empty()).await;
    client.get("/v2/a/manifests/other").await;
    pull::write(&client.server.app).await;
    assert_eq!(times(&client, &digest).await, (seconds(10), seconds(5)));
}

#[tokio::test]
async fn what_was_deleted_meanwhile_stays_deleted() {
    let client = Client::start().await;
    let (digest, _) = client.push_image("a", "v1", "one").await;
    client.get("/v2/a/manifests/v1").await;
    let by_digest = format!("/v2/a/manifests/{digest}");
    client.send("DELETE", &by_digest, Body::empty()).await;
    pull::write(&client.server.app).await;
    let gone = client.get(&by_digest).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let (again, _) = client.push_image("a", "v1", "one").await;
    assert_eq!(times(&client, &again).await, (Value::Null, Value::Null));
}

#[tokio::test]
async fn a_push_and_a_lock_keep_the_time() {
    let client = Client::start().await;
    let (digest, manifest) = client.push_image("a", "v1", "one").await;
    client.get("/v2/a/manifests/v1").await;
    pull::write(&client.server.app).await;
    let before = times(&client, &digest).await;
    assert!(before.0.is_string() && before.1.is_string(), "{before:?}");
    client.put("a", "v1", manifest).await;
    let path = format!("/acr/v1/a/_manifests/{digest}");
    client
        .patch(&path, serde_json::json!({"writeEnabled": false}))
        .await;
    assert_eq!(times(&client, &digest).await, before);
}
