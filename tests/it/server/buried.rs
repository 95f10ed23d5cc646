//! Large deletions, and a server that is killed in the middle of them: they happen whole or not at all.

use crate::process::{Client, Server};
use crate::registry::{Registry, sha256};
use acr_http::Method;
use bytes::Bytes;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// Tags of one push, and how many pushes there are.
const TAGS: usize = 100;
const PUSHES: usize = 30;

const TOO_LATE: &str = "the kill came too late to prove anything";

async fn push_blob(registry: &Registry, bytes: &'static [u8]) -> String {
    let digest = sha256(bytes);
    let path = format!("/v2/app/blobs/uploads/?digest={digest}");
    let request = registry.request(Method::POST, &path);
    let sent = request.body(Bytes::from_static(bytes)).send().await;
    assert_eq!(sent.unwrap().status.as_u16(), 201);
    digest
}

/// Pushes an image of one layer with these tags, and gives its digest.
async fn push(registry: &Registry, layer: &'static [u8], tags: &[String]) -> String {
    let config = push_blob(registry, b"{}").await;
    let digest = push_blob(registry, layer).await;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": config, "size": 2},
        "layers": [{"mediaType": "application/octet-stream", "digest": digest, "size": layer.len()}],
    });
    let digest = sha256(manifest.to_string().as_bytes());
    let named: Vec<String> = tags.iter().map(|tag| format!("tag={tag}")).collect();
    let path = format!("/v2/app/manifests/{digest}?{}", named.join("&"));
    let put = registry.request(Method::PUT, &path).json(&manifest);
    assert_eq!(put.send().await.unwrap().status.as_u16(), 201);
    digest
}

/// Pushes an image with very many tags, and gives its digest.
async fn push_crowd(registry: &Registry) -> String {
    let mut digest = String::new();
    for push_number in 0..PUSHES {
        let tag = |number| format!("v{push_number}-{number}");
        let tags: Vec<String> = (0..TAGS).map(tag).collect();
        digest = push(registry, b"old", &tags).await;
    }
    digest
}

/// Begins a deletion; in the end it tells whether nobody answered.
fn delete(registry: &Registry, path: &str) -> JoinHandle<bool> {
    let (registry, path) = (registry.clone(), path.to_owned());
    tokio::spawn(async move { registry.send(Method::DELETE, &path).await.is_err() })
}

/// A member of an answer that has to be there.
async fn list(registry: &Registry, path: &str, member: &str) -> Vec<Value> {
    let answer = registry.get(path).await.expect(path);
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    answer[member].as_array().cloned().unwrap_or_default()
}

/// Of all tags that were deleted, page by page.
async fn count_deleted_tags(registry: &Registry) -> usize {
    let (mut count, mut last) = (0, String::new());
    loop {
        let path = format!("/acr/v1/_deleted/app/_tags?n=1000&last={last}");
        let page = list(registry, &path, "tags").await;
        let Some(end) = page.last() else {
            return count;
        };
        count += page.len();
        let part = |member: &str| end[member].as_str().unwrap().to_owned();
        last = format!("{}/{}/{}", part("deletedAt"), part("tag"), part("digest"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_a_kill_broke_off_is_completed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let registry = Registry::create(&server, folder.path(), "buried");
    let keep = ["config", "soft-delete", "update", "-r", "buried"];
    let client = Client::of(&server, folder.path());
    client.must(&[&keep[..], &["--status", "enabled"]].concat());
    push_crowd(&registry).await;
    let deletion = delete(&registry, "/acr/v1/app");
    while list(&registry, "/v2/_catalog", "repositories").await != [""; 0] {
        tokio::task::yield_now().await;
    }
    server.kill();
    assert!(deletion.await.unwrap(), "{TOO_LATE}");

    let server = Server::start(folder.path());
    let registry = registry.on(&server);
    assert!(registry.get("/v2/app/tags/list").await.is_none());
    // Whoever comes first completes it, and the others find it complete.
    let tags = ["new".to_owned()];
    let comers = join_all((0..4).map(|_| push(&registry, b"new", &tags))).await;
    assert_eq!(list(&registry, "/v2/app/tags/list", "tags").await, ["new"]);
    let manifests = list(&registry, "/acr/v1/app/_manifests", "manifests").await;
    assert_eq!(manifests.len(), 1, "{manifests:?}");
    assert_eq!(manifests[0]["digest"], *comers[0]);
    assert_eq!(count_deleted_tags(&registry).await, TAGS * PUSHES);
    let deleted = list(&registry, "/acr/v1/_deleted/app/_manifests", "manifests").await;
    assert_eq!(deleted.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_goes_with_all_its_tags_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let registry = Registry::create(&server, folder.path(), "crowded");
    let other = ["other".to_owned()];
    push(&registry, b"other", &other).await;
    let old = push_crowd(&registry).await;
    let (path, tags) = (format!("/v2/app/manifests/{old}"), "/v2/app/tags/list");
    let deletion = delete(&registry, &path);
    loop {
        let seen = list(&registry, tags, "tags").await;
        if seen == other {
            break;
        }
        let is_all = seen.len() == 1000;
        assert!(is_all || deletion.is_finished(), "{} tags", seen.len());
    }
    server.kill();
    assert!(deletion.await.unwrap(), "{TOO_LATE}");

    let server = Server::start(folder.path());
    let registry = registry.on(&server);
    assert_eq!(list(&registry, tags, "tags").await, other);
    assert!(registry.get(&path).await.is_none());
    let manifests = list(&registry, "/acr/v1/app/_manifests", "manifests").await;
    assert_eq!(manifests.len(), 1, "{manifests:?}");
    assert_eq!(push(&registry, b"old", &["new".to_owned()]).await, old);
    assert_eq!(list(&registry, tags, "tags").await, ["new", "other"]);
}
