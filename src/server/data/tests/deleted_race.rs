//! Requests that meet while deletions are kept: what was pushed is there or can be brought back, never both or neither.

use std::sync::Arc;

use acr_api::oci::media_type;
use axum::{body::Body, http::StatusCode};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::fixture::Client;

async fn start() -> Arc<Client> {
    let client = Client::start().await;
    let policy = json!({"softDeletePolicy": {"status": "enabled"}});
    let body = json!({"properties": {"policies": policy}});
    let path = client.server.registry("images");
    let answer = client.server.arm("PATCH", &path, Some(body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    Arc::new(client)
}

async fn all(client: &Arc<Client>, requests: Vec<(&'static str, String, String)>) -> Vec<u16> {
    let tasks = requests.into_iter().map(|(method, path, body)| {
        let client = Arc::clone(client);
        tokio::spawn(async move {
            let kind = [("content-type", media_type::IMAGE_MANIFEST)];
            let answer = client.send_with(method, &path, &kind, body).await;
            answer.status.as_u16()
        })
    });
    let done = join_all(tasks).await;
    done.into_iter().map(Result::unwrap).collect()
}

async fn digests(client: &Client, path: &str) -> Vec<String> {
    let answer = client.get(path).await;
    if answer.status == StatusCode::NOT_FOUND {
        return Vec::new();
    }
    let list = answer.json();
    let digest = |manifest: &Value| manifest["digest"].as_str().unwrap().to_owned();
    list["manifests"]
        .as_array()
        .unwrap()
        .iter()
        .map(digest)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manifest_is_there_or_deleted() {
    let client = start().await;
    let (digest, manifest) = client.push_image("a", "v1", "layer").await;
    for round in 0..15 {
        let put = |tag: &str| ("PUT", format!("/v2/a/manifests/{tag}"), manifest.clone());
        let delete = |path: &str| ("DELETE", path.to_owned(), String::new());
        let by_digest = format!("/v2/a/manifests/{digest}");
        let restore = format!("/acr/v1/_deleted/a/_manifests/{digest}");
        let mut requests = vec![
            put("v1"),
            delete(&by_digest),
            ("POST", restore.clone(), r#"{"tag":"v1"}"#.to_owned()),
            delete("/acr/v1/a/_tags/v1"),
            put("v2"),
            delete("/acr/v1/a"),
        ];
        requests.rotate_left(round % 6);
        let statuses = all(&client, requests).await;
        assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
        let live = digests(&client, "/acr/v1/a/_manifests").await;
        let deleted = digests(&client, "/acr/v1/_deleted/a/_manifests").await;
        assert_eq!(
            live.len() + deleted.len(),
            1,
            "{round}: {live:?} {deleted:?}"
        );
        if live.is_empty() {
            let answer = client.send("POST", &restore, Body::empty()).await;
            assert_eq!(answer.status, StatusCode::OK, "{round}: {}", answer.text);
        }
        let content = client.get(&by_digest).await;
        assert_eq!(content.text, manifest, "{round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_is_deleted_whole_while_images_arrive() {
    let client = start().await;
    let mut images = Vec::new();
    for layer in ["1", "2", "3", "4", "5"] {
        images.push(client.push_image("a", layer, layer).await);
    }
    for round in 0..10 {
        let put = |number: usize| {
            let path = format!("/v2/a/manifests/v{number}");
            ("PUT", path, images[number].1.clone())
        };
        let delete = ("DELETE", "/acr/v1/a".to_owned(), String::new());
        let statuses = all(&client, vec![put(0), put(1), delete, put(2), put(3)]).await;
        assert_eq!(statuses[2], 202, "{statuses:?}");
        let live = digests(&client, "/acr/v1/a/_manifests").await;
        let deleted = digests(&client, "/acr/v1/_deleted/a/_manifests").await;
        let mut known: Vec<&String> = live.iter().chain(&deleted).collect();
        known.sort();
        let mut pushed: Vec<&String> = images.iter().map(|(digest, _)| digest).collect();
        pushed.sort();
        assert_eq!(known, pushed, "{round}: {live:?} {deleted:?}");
        for digest in deleted {
            let path = format!("/acr/v1/_deleted/a/_manifests/{digest}");
            let answer = client.send("POST", &path, Body::empty()).await;
            assert_eq!(answer.status, StatusCode::OK, "{round}: {}", answer.text);
        }
    }
}
