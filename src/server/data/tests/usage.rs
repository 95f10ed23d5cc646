//! How many bytes a registry holds, and when that is too many.

use std::sync::Arc;

use acr_store::Batch;
use axum::{body::Body, http::StatusCode};
use chrono::TimeDelta;

use super::fixture::{Client, sha256};
use crate::{
    domain::{access, usage},
    testing::Server,
};

const TIB: u64 = 1024 * 1024 * 1024 * 1024;

async fn listed(client: &Client) -> u64 {
    let path = format!("{}/listUsages", client.server.registry("images"));
    let usages = client.server.arm("GET", &path, None).await.json();
    let row = &usages["value"][0];
    assert_eq!(
        (&row["name"], &row["unit"]),
        (&"Size".into(), &"Bytes".into())
    );
    row["currentValue"].as_u64().unwrap()
}

async fn registry_id(client: &Client) -> String {
    let found = access::by_label(&client.server.app, "images").await;
    found.unwrap().unwrap().registry_id.clone()
}

/// Makes the registry look larger than any test could make it.
async fn grow(client: &Client, bytes: u64) {
    let batch = usage::grown(&registry_id(client).await, bytes, Batch::new());
    client.server.app.meta().commit(batch).await.unwrap();
    client.server.advance(TimeDelta::seconds(10));
}

#[tokio::test]
async fn a_blob_counts_once_in_a_registry() {
    let client = Client::start().await;
    assert_eq!(listed(&client).await, 0);
    client.push_blob("a", "12345").await;
    client.push_blob("a", "12345").await;
    client.push_blob("b", "12345").await;
    let mount = format!("/v2/c/blobs/uploads/?mount={}&from=a", sha256("12345"));
    let mounted = client.send("POST", &mount, Body::empty()).await;
    assert_eq!(mounted.status, StatusCode::CREATED);
    assert_eq!(listed(&client).await, 5);
    client.push_blob("b", "123").await;
    assert_eq!(listed(&client).await, 8);
    let app = &client.server.app;
    assert_eq!(usage::fold(app).await.unwrap(), 2);
    assert_eq!(listed(&client).await, 8);
    client.push_blob("c", "7").await;
    assert_eq!(listed(&client).await, 9);
    assert_eq!(usage::fold(app).await.unwrap(), 1);
    assert_eq!(usage::fold(app).await.unwrap(), 0);
    assert_eq!(listed(&client).await, 9);
}

#[tokio::test]
async fn what_is_forgotten_no_longer_counts() {
    let client = Client::start().await;
    client.push_blob("a", "12345").await;
    usage::fold(&client.server.app).await.unwrap();
    let batch = usage::shrunk(&registry_id(&client).await, 5, Batch::new());
    client.server.app.meta().commit(batch).await.unwrap();
    assert_eq!(listed(&client).await, 0);
    usage::fold(&client.server.app).await.unwrap();
    assert_eq!(listed(&client).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folding_is_never_seen() {
    let client = Arc::new(Client::start().await);
    let id = registry_id(&client).await;
    let app = client.server.app.clone();
    let folder = tokio::spawn(async move {
        for _ in 0..20 {
            let batch = usage::grown(&id, 3, Batch::new());
            let batch = usage::shrunk(&id, 3, batch);
            app.meta().commit(batch).await.unwrap();
            usage::fold(&app).await.unwrap();
        }
    });
    client.push_blob("a", "12345").await;
    while !folder.is_finished() {
        assert_eq!(listed(&client).await, 5);
    }
    folder.await.unwrap();
    assert_eq!(listed(&client).await, 5);
}

#[tokio::test]
async fn a_full_registry_takes_no_more_bytes() {
    let client = Client::start().await;
    let (_, manifest) = client.push_image("a", "v1", "one").await;
    grow(&client, 100 * TIB).await;
    let monolithic = format!("/v2/a/blobs/uploads/?digest={}", sha256("x"));
    for path in ["/v2/a/blobs/uploads/", &monolithic] {
        let refused = client.send("POST", path, "x").await;
        assert_eq!(
            (refused.status, &*refused.refusal()),
            (
                StatusCode::METHOD_NOT_ALLOWED,
                "REGISTRY_DISALLOWED_OPERATION"
            ),
            "{path}"
        );
    }
    let tagged = client.put("a", "v2", manifest).await;
    assert_eq!(tagged.status, StatusCode::CREATED, "a tag has no bytes");
    let pulled = client.get("/v2/a/manifests/v1").await;
    assert_eq!(pulled.status, StatusCode::OK);
}

#[tokio::test]
async fn the_limit_may_be_off() {
    let server = Server::start_with(|options| options.has_tier_limits = false).await;
    let client = Client::of(server).await;
    grow(&client, 100 * TIB).await;
    client.push_blob("a", "x").await;
}

#[tokio::test]
async fn a_smaller_tier_must_have_room() {
    let client = Client::start().await;
    grow(&client, 50 * TIB).await;
    let path = client.server.registry("images");
    let body = serde_json::json!({"sku": {"name": "Standard"}});
    let refused = client.server.arm("PATCH", &path, Some(body)).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
    assert_eq!(refused.json()["error"]["target"], "sku.name");
}
