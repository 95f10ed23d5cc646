//! Locks of repositories, tags and manifests.

use axum::{body::Body, http::StatusCode};
use serde_json::json;

use super::fixture::{Client, sha256};

async fn status(client: &Client, method: &str, path: &str) -> u16 {
    let answer = client.send(method, path, Body::empty()).await;
    if answer.status == StatusCode::METHOD_NOT_ALLOWED {
        assert_eq!(answer.refusal(), "REGISTRY_DISALLOWED_OPERATION");
        assert_eq!(answer.json()["errors"][0]["detail"], json!({}));
    }
    answer.status.as_u16()
}

#[tokio::test]
async fn a_locked_tag_does_not_move() {
    let client = Client::start().await;
    let (digest, manifest) = client.push_image("a", "v1", "one").await;
    let (_, other) = client.push_image("a", "v2", "two").await;
    client
        .patch("/acr/v1/a/_tags/v1", json!({"writeEnabled": false}))
        .await;
    let moved = client.put("a", "v1", other.clone()).await;
    assert_eq!(moved.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(
        client.put("a", "v1", manifest).await.status,
        StatusCode::CREATED
    );
    assert_eq!(status(&client, "DELETE", "/acr/v1/a/_tags/v1").await, 405);
    let by_digest = format!("/v2/a/manifests/{digest}");
    assert_eq!(
        status(&client, "DELETE", &by_digest).await,
        405,
        "its tag is locked"
    );
    assert_eq!(status(&client, "DELETE", "/acr/v1/a").await, 405);
    let unlocked = client
        .patch("/acr/v1/a/_tags/v1", json!({"writeEnabled": true}))
        .await;
    assert_eq!(
        unlocked.json()["tag"]["changeableAttributes"]["writeEnabled"],
        true
    );
    assert_eq!(
        client.put("a", "v1", other).await.status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn a_tag_that_may_not_be_deleted_may_move() {
    let client = Client::start().await;
    client.push_image("a", "v1", "one").await;
    client
        .patch("/acr/v1/a/_tags/v1", json!({"deleteEnabled": false}))
        .await;
    client.push_image("a", "v1", "two").await;
    assert_eq!(status(&client, "DELETE", "/v2/a/manifests/v1").await, 405);
}

#[tokio::test]
async fn a_locked_manifest_stays_and_gets_no_tag() {
    let client = Client::start().await;
    let (digest, manifest) = client.push_image("a", "v1", "one").await;
    let path = format!("/acr/v1/a/_manifests/{digest}");
    client.patch(&path, json!({"writeEnabled": false})).await;
    let tagged = client.put("a", "v2", manifest).await;
    assert_eq!(tagged.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(
        status(&client, "DELETE", &format!("/v2/a/manifests/{digest}")).await,
        405
    );
    client.push_image("a", "v1", "two").await;
    client.patch(&path, json!({"writeEnabled": true})).await;
    assert_eq!(
        status(&client, "DELETE", &format!("/v2/a/manifests/{digest}")).await,
        202
    );
}

#[tokio::test]
async fn a_locked_repository_takes_nothing() {
    let client = Client::start().await;
    let (_, manifest) = client.push_image("a", "v1", "one").await;
    let location = client.begin("a").await;
    client
        .patch("/acr/v1/a", json!({"writeEnabled": false}))
        .await;
    assert_eq!(
        client.put("a", "v2", manifest).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(status(&client, "POST", "/v2/a/blobs/uploads/").await, 405);
    let finish = format!("{location}?digest={}", sha256("x"));
    let answer = client.send("PUT", &finish, "x").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(status(&client, "DELETE", "/acr/v1/a").await, 405);
    assert_eq!(status(&client, "DELETE", "/v2/a/manifests/v1").await, 405);
    assert_eq!(status(&client, "GET", "/v2/a/manifests/v1").await, 200);
}

#[tokio::test]
async fn what_may_not_be_read_is_not_pulled() {
    let client = Client::start().await;
    let (digest, _) = client.push_image("a", "v1", "one").await;
    client
        .patch("/acr/v1/a/_tags/v1", json!({"readEnabled": false}))
        .await;
    assert_eq!(status(&client, "GET", "/v2/a/manifests/v1").await, 405);
    let by_digest = format!("/v2/a/manifests/{digest}");
    assert_eq!(status(&client, "GET", &by_digest).await, 200);
    client
        .patch("/acr/v1/a", json!({"readEnabled": false}))
        .await;
    assert_eq!(status(&client, "GET", &by_digest).await, 405);
    let blob = format!("/v2/a/blobs/{}", sha256("one"));
    assert_eq!(status(&client, "GET", &blob).await, 405);
    let mount = format!("/v2/b/blobs/uploads/?mount={}&from=a", sha256("one"));
    assert_eq!(
        status(&client, "POST", &mount).await,
        202,
        "not mounted either"
    );
}
