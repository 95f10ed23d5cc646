//! Repositories without a manifest: nobody sees them, and blobs are pushed to them all the same.

use axum::{body::Body, http::StatusCode};
use serde_json::{Value, json};

use super::fixture::{Client, sha256};

async fn catalog(client: &Client) -> Value {
    client.get("/v2/_catalog").await.json()["repositories"].take()
}

/// Wants no listing and no answer to tell of `r`.
async fn assert_unseen(client: &Client) {
    for (method, path, body) in [
        ("GET", "/acr/v1/r", ""),
        ("PATCH", "/acr/v1/r", r#"{"listEnabled":false}"#),
        ("DELETE", "/acr/v1/r", ""),
        ("GET", "/acr/v1/r/_tags", ""),
        ("GET", "/acr/v1/r/_manifests", ""),
        ("GET", "/v2/r/tags/list", ""),
    ] {
        let answer = client.send(method, path, body).await;
        let seen = (answer.status, &*answer.refusal());
        assert_eq!(seen, (StatusCode::NOT_FOUND, "NAME_UNKNOWN"), "{path}");
    }
    assert_eq!(catalog(client).await, json!([]));
}

async fn status(client: &Client, method: &str, path: &str) -> StatusCode {
    client.send(method, path, Body::empty()).await.status
}

#[tokio::test]
async fn a_push_without_a_manifest_shows_nothing() {
    let client = Client::start().await;
    client.begin("r").await;
    let digest = client.push_blob("r", "layer").await;
    assert_unseen(&client).await;
    let blob = format!("/v2/r/blobs/{digest}");
    for method in ["HEAD", "GET"] {
        assert_eq!(status(&client, method, &blob).await, StatusCode::OK);
    }
    let mount = format!("/v2/other/blobs/uploads/?mount={digest}&from=r");
    assert_eq!(status(&client, "POST", &mount).await, StatusCode::CREATED);
    assert_eq!(status(&client, "DELETE", &blob).await, StatusCode::ACCEPTED);
    assert_eq!(status(&client, "HEAD", &blob).await, StatusCode::NOT_FOUND);
    assert_unseen(&client).await;
    client.push_image("r", "v1", "layer").await;
    assert_eq!(catalog(&client).await, json!(["r"]));
}

#[tokio::test]
async fn a_repository_goes_with_its_last_manifest() {
    let client = Client::start().await;
    let (first, _) = client.push_image("r", "v1", "1").await;
    let (second, _) = client.push_image("r", "v2", "2").await;
    let locked = client.patch("/acr/v1/r", json!({"readEnabled": false}));
    assert_eq!(locked.await.status, StatusCode::OK);
    for digest in [&first, &second] {
        assert_eq!(catalog(&client).await, json!(["r"]));
        let path = format!("/v2/r/manifests/{digest}");
        assert_eq!(status(&client, "DELETE", &path).await, StatusCode::ACCEPTED);
    }
    assert_unseen(&client).await;
    // What was pushed before is still there for the next push, the locks are not.
    let blob = format!("/v2/r/blobs/{}", sha256("2"));
    assert_eq!(status(&client, "HEAD", &blob).await, StatusCode::OK);
    client.push_image("r", "v3", "3").await;
    assert_eq!(catalog(&client).await, json!(["r"]));
    let attributes = client.get("/acr/v1/r").await.json();
    assert_eq!(attributes["changeableAttributes"]["readEnabled"], true);
    assert_eq!(attributes["manifestCount"], 1);
}

#[tokio::test]
async fn a_deleted_tag_leaves_the_repository() {
    let client = Client::start().await;
    client.push_image("r", "v1", "1").await;
    let tag = "/acr/v1/r/_tags/v1";
    assert_eq!(status(&client, "DELETE", tag).await, StatusCode::ACCEPTED);
    assert_eq!(catalog(&client).await, json!(["r"]));
    let attributes = client.get("/acr/v1/r").await.json();
    assert_eq!(
        (&attributes["manifestCount"], &attributes["tagCount"]),
        (&json!(1), &json!(0))
    );
}

/// While deletions are kept, it is among the deleted ones until something is put into it.
#[tokio::test]
async fn a_repository_that_went_with_its_last_manifest_can_come_back() {
    let client = Client::start().await;
    let policy = json!({"softDeletePolicy": {"status": "enabled"}});
    let body = json!({"properties": {"policies": policy}});
    let path = client.server.registry("images");
    client.server.arm("PATCH", &path, Some(body)).await;
    let (digest, manifest) = client.push_image("r", "v1", "1").await;
    let path = format!("/v2/r/manifests/{digest}");
    assert_eq!(status(&client, "DELETE", &path).await, StatusCode::ACCEPTED);
    assert_unseen(&client).await;
    let deleted = client.get("/acr/v1/_deleted/_catalog").await.json();
    assert_eq!(deleted["repositories"][0]["repository"], "r");
    let loose = client.push_blob("r", "loose").await;
    assert_unseen(&client).await;
    let blob = format!("/v2/r/blobs/{loose}");
    assert_eq!(status(&client, "HEAD", &blob).await, StatusCode::OK);
    let again = client.get("/acr/v1/_deleted/_catalog").await.json();
    assert_eq!(again, deleted, "a push that was not completed");
    let restore = format!("/acr/v1/_deleted/r/_manifests/{digest}");
    let restored = client.send("POST", &restore, r#"{"tag":"v1"}"#).await;
    assert_eq!(restored.status, StatusCode::OK, "{}", restored.text);
    assert_eq!(client.get("/v2/r/manifests/v1").await.text, manifest);
    assert_eq!(catalog(&client).await, json!(["r"]));
}
