//! Garbage collected by a server at work, asked for on the command line.

use crate::process::{Client, Server};
use crate::registry::{Registry, sha256};
use acr_http::Method;
use bytes::Bytes;
use serde_json::{Value, json};

async fn push(registry: &Registry, repository: &str, bytes: &'static [u8]) -> String {
    let digest = sha256(bytes);
    let path = format!("/v2/{repository}/blobs/uploads/?digest={digest}");
    let request = registry.request(Method::POST, &path);
    let pushed = request
        .body(Bytes::from_static(bytes))
        .send()
        .await
        .unwrap();
    assert_eq!(pushed.status.as_u16(), 201);
    digest
}

async fn push_image(registry: &Registry, repository: &str, layer: &'static [u8]) -> String {
    let config = push(registry, repository, b"{}").await;
    let digest = push(registry, repository, layer).await;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": config, "size": 2},
        "layers": [{"mediaType": "application/octet-stream", "digest": digest, "size": layer.len()}],
    });
    let put = registry
        .request(Method::PUT, &format!("/v2/{repository}/manifests/v1"))
        .json(&manifest);
    assert_eq!(put.send().await.unwrap().status.as_u16(), 201);
    digest
}

fn collect(client: &Client, options: &[&str]) -> Value {
    let words: Vec<&str> = ["serve", "gc"].iter().chain(options).copied().collect();
    serde_json::from_str(&client.must(&words)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_takes_what_no_image_needs() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--gc-grace", "0", "--gc-interval", "off"];
    let server = Server::start_with(folder.path(), &options);
    let client = Client::of(&server, folder.path());
    let registry = Registry::create(&server, folder.path(), "garbage");
    let kept = push_image(&registry, "app", b"kept").await;
    let loose = push(&registry, "app", b"loose").await;
    let path = |digest: &str| format!("/v2/app/blobs/{digest}");

    let told = collect(&client, &["--dry-run"]);
    assert_eq!(told["isDryRun"], true);
    assert_eq!(told["blobs"], json!({"examined": 3, "removed": 1}));
    assert!(registry.get(&path(&loose)).await.is_some());

    let done = collect(&client, &[]);
    assert_eq!(done["blobs"], json!({"examined": 3, "removed": 1}));
    assert_eq!(done["freedBytes"], 5);
    assert!(registry.get(&path(&loose)).await.is_none());
    assert_eq!(registry.get(&path(&kept)).await.unwrap(), "kept");

    let data_dir = folder.path().join("data");
    let named = ["--data-dir", data_dir.to_str().unwrap(), "-o", "table"];
    let outcome = client.run(&[&["serve", "gc"], &named[..]].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("0 of 2"), "{}", outcome.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    drop(server);
    let stopped = client.run(&["serve", "gc"]);
    assert_eq!(stopped.code, 1);
    assert!(stopped.stdout.is_empty() && !stopped.stderr.is_empty());

    let azure = client.run(&["serve", "gc", "--context", "azure"]);
    assert_eq!(azure.code, 1, "{}", azure.stderr);
    assert!(
        azure.stderr.contains("Azure collects its garbage itself"),
        "{}",
        azure.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_manage_everything_may_ask() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let connection = super::connection::Connection::open(&server).await;
    let path = format!(
        "{}/subscriptions/{}/providers/Microsoft.ContainerRegistry/garbageCollections?api-version=1",
        server.admin("endpoint"),
        server.admin("subscriptionId")
    );
    let anonymous = connection.http().post(&path).send().await.unwrap();
    assert_eq!(anonymous.status.as_u16(), 401);
    let begun = connection.http().post(&path).bearer(connection.token());
    let begun = begun.send().await.unwrap();
    assert_eq!(begun.status.as_u16(), 202);
    assert!(begun.header("location").is_some());
}
