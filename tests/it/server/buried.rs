//! A large repository that keeps what is deleted, and a server that is killed in the middle of its deletion.

use crate::process::{Client, Server};
use crate::registry::{Registry, sha256};
use acr_http::Method;
use bytes::Bytes;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// Tags of one push, and how many pushes there are.
const TAGS: usize = 100;
const PUSHES: usize = 30;

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
    for push_number in 0..PUSHES {
        let tag = |number| format!("v{push_number}-{number}");
        let tags: Vec<String> = (0..TAGS).map(tag).collect();
        push(&registry, b"old", &tags).await;
    }

    let deletion = tokio::spawn({
        let registry = registry.clone();
        async move { registry.send(Method::DELETE, "/acr/v1/app").await }
    });
    while list(&registry, "/v2/_catalog", "repositories").await != [""; 0] {
        tokio::task::yield_now().await;
    }
    server.kill();
    let answered = deletion.await.unwrap();
    assert!(
        answered.is_err(),
        "the kill came too late to prove anything"
    );

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
