//! Quarantine: what is pushed is pulled only after somebody has let it pass.

use axum::{body::Body, http::StatusCode};
use serde_json::{Value, json};

use super::{
    fixture::{Client, sha256},
    principal::Principal,
};

const QUARANTINE_READER: &str = "cdda3590-29a3-44f6-95f2-9f980659eb04";
const QUARANTINE_WRITER: &str = "c8d4ff99-41c3-41a8-9f60-21dfdad59608";
const ACR_PULL: &str = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const ACR_PUSH: &str = "8311e382-0749-4cb8-b61a-304f252e45ec";

async fn switch(client: &Client, status: &str) {
    let body = json!({"properties": {"policies": {"quarantinePolicy": {"status": status}}}});
    let path = client.server.registry("images");
    let answer = client.server.arm("PATCH", &path, Some(body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

async fn start() -> Client {
    let client = Client::start().await;
    switch(&client, "enabled").await;
    client
}

async fn refusal(client: &Client, path: &str) -> (StatusCode, String) {
    let answer = client.get(path).await;
    let code = match answer.status {
        StatusCode::OK => String::new(),
        _ => answer.refusal(),
    };
    (answer.status, code)
}

fn attributes(answer: &Value) -> &Value {
    &answer["manifest"]["changeableAttributes"]
}

#[tokio::test]
async fn what_is_pushed_is_pulled_by_nobody() {
    let client = start().await;
    let (digest, _) = client.push_image("a", "v1", "one").await;
    let by_digest = format!("/v2/a/manifests/{digest}");
    let unknown = (StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN".to_owned());
    let disallowed = (
        StatusCode::METHOD_NOT_ALLOWED,
        "REGISTRY_DISALLOWED_OPERATION".to_owned(),
    );
    assert_eq!(refusal(&client, "/v2/a/manifests/v1").await, unknown);
    assert_eq!(refusal(&client, &by_digest).await, disallowed);
    let head = client.send("HEAD", &by_digest, Body::empty()).await;
    assert_eq!(head.status, StatusCode::METHOD_NOT_ALLOWED);
    let head = client
        .send("HEAD", "/v2/a/manifests/v1", Body::empty())
        .await;
    assert_eq!(head.status, StatusCode::NOT_FOUND);
    let known = client.get(&format!("/acr/v1/a/_manifests/{digest}")).await;
    assert_eq!(attributes(&known.json())["quarantineState"], "Quarantined");
}

#[tokio::test]
async fn a_list_is_in_quarantine_like_an_image() {
    let client = start().await;
    let index = json!({"schemaVersion": 2,
        "mediaType": acr_api::oci::media_type::IMAGE_INDEX, "manifests": []})
    .to_string();
    let digest = sha256(&index);
    client.put("a", "list", index).await;
    let list = client.get("/v2/a/manifests/list").await;
    assert_eq!(list.status, StatusCode::NOT_FOUND);
    let known = client.get(&format!("/acr/v1/a/_manifests/{digest}")).await;
    assert_eq!(attributes(&known.json())["quarantineState"], "Quarantined");
}

#[tokio::test]
async fn the_reader_pulls_and_the_puller_does_not() {
    let client = start().await;
    let (digest, manifest) = client.push_image("a", "v1", "one").await;
    let scope = "repository:a:pull";
    let by_digest = format!("/v2/a/manifests/{digest}");
    let reader = Principal::with(&client, &[QUARANTINE_READER], scope).await;
    for path in ["/v2/a/manifests/v1", &by_digest] {
        assert_eq!(reader.get(path).await.text, manifest, "{path}");
    }
    let blob = format!("/v2/a/blobs/{}", sha256("one"));
    assert_eq!(reader.get(&blob).await.status, StatusCode::OK);
    for roles in [&[ACR_PULL][..], &[ACR_PUSH]] {
        let puller = Principal::with(&client, roles, "repository:a:pull,push").await;
        let answer = puller.get(&by_digest).await;
        assert_eq!(answer.refusal(), "REGISTRY_DISALLOWED_OPERATION");
    }
}

#[tokio::test]
async fn the_writer_lets_an_image_pass_and_nothing_else() {
    let client = start().await;
    let (digest, manifest) = client.push_image("a", "v1", "one").await;
    let path = format!("/acr/v1/a/_manifests/{digest}");
    client.patch(&path, json!({"deleteEnabled": false})).await;
    let scope = "repository:a:pull,push";
    let writer = Principal::with(&client, &[QUARANTINE_WRITER], scope).await;
    let verdict = |state: &str| {
        json!({"quarantineState": state, "quarantineDetails": "{\"state\":\"scan\"}"}).to_string()
    };
    let failed = writer.send("PATCH", &path, verdict("Failed")).await;
    assert_eq!(failed.status, StatusCode::OK, "{}", failed.text);
    let pulled = client.get("/v2/a/manifests/v1").await;
    assert_eq!(pulled.status, StatusCode::NOT_FOUND, "it did not pass");
    let passed = writer.send("PATCH", &path, verdict("Passed")).await.json();
    let expected = json!({"deleteEnabled": false, "writeEnabled": true, "readEnabled": true,
        "listEnabled": true, "quarantineState": "Passed",
        "quarantineDetails": "{\"state\":\"scan\"}"});
    assert_eq!(*attributes(&passed), expected, "locks stay");
    assert_eq!(client.get("/v2/a/manifests/v1").await.text, manifest);
    let long = json!({"quarantineDetails": "x".repeat(64 * 1024)}).to_string();
    let refused = writer.send("PATCH", &path, long).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    let lock = r#"{"deleteEnabled":true}"#;
    let refused = writer.send("PATCH", &path, lock).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let both = r#"{"deleteEnabled":true,"quarantineState":"Failed"}"#;
    let refused = writer.send("PATCH", &path, both).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let again = client.put("a", "v2", manifest).await;
    assert_eq!(again.status, StatusCode::CREATED);
    let pulled = client.get("/v2/a/manifests/v2").await;
    assert_eq!(pulled.status, StatusCode::OK, "what has passed stays so");
}

#[tokio::test]
async fn locks_and_verdicts_are_different_rights() {
    let client = start().await;
    let (digest, _) = client.push_image("a", "v1", "one").await;
    let path = format!("/acr/v1/a/_manifests/{digest}");
    let refused = client
        .patch(&path, json!({"quarantineState": "Passed"}))
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "not the admin user");
    let locked = client.patch(&path, json!({"writeEnabled": false})).await;
    assert_eq!(locked.status, StatusCode::OK, "{}", locked.text);
    let scope = "repository:a:pull,metadata_read,metadata_write";
    let reader = Principal::with(&client, &[QUARANTINE_READER], scope).await;
    let verdict = r#"{"quarantineState":"Passed"}"#;
    let refused = reader.send("PATCH", &path, verdict).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn without_the_policy_everything_passes() {
    let client = Client::start().await;
    client.push_image("a", "old", "old").await;
    switch(&client, "enabled").await;
    client.push_image("a", "new", "new").await;
    let status = |tag: &'static str| {
        let client = &client;
        async move { client.get(&format!("/v2/a/manifests/{tag}")).await.status }
    };
    assert_eq!(status("old").await, StatusCode::OK, "it was pushed before");
    assert_eq!(status("new").await, StatusCode::NOT_FOUND);
    switch(&client, "disabled").await;
    assert_eq!(status("new").await, StatusCode::OK);
    let reader = Principal::with(&client, &[ACR_PULL], "repository:a:pull").await;
    let old = reader.get("/v2/a/manifests/old").await;
    assert_eq!(old.status, StatusCode::OK);
}
