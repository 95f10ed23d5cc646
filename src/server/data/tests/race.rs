//! Requests that meet: what each was told still holds when all are done.

use std::sync::Arc;

use acr_api::oci::media_type;
use axum::{body::Body, http::StatusCode};
use futures_util::future::join_all;
use serde_json::Value;

use super::fixture::{Client, sha256};

/// Runs the requests at the same time and gives their statuses in order.
async fn all(client: &Arc<Client>, requests: Vec<(&str, String, String)>) -> Vec<StatusCode> {
    let tasks = requests.into_iter().map(|(method, path, body)| {
        let (client, method) = (Arc::clone(client), method.to_owned());
        tokio::spawn(async move {
            let kind = [("content-type", media_type::IMAGE_MANIFEST)];
            let kind = if path.contains("/manifests/") {
                &kind[..]
            } else {
                &[]
            };
            client.send_with(&method, &path, kind, body).await.status
        })
    });
    let done = join_all(tasks).await;
    done.into_iter().map(Result::unwrap).collect()
}

async fn json_at(client: &Client, path: &str) -> Value {
    let answer = client.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.json()
}

/// Every tag names a manifest that knows it, and every manifest has its blobs.
async fn check(client: &Client, name: &str) {
    let manifests = json_at(client, &format!("/acr/v1/{name}/_manifests")).await;
    let mut known = Vec::new();
    for manifest in manifests["manifests"].as_array().unwrap() {
        let digest = manifest["digest"].as_str().unwrap();
        let tags = manifest["tags"].as_array().cloned().unwrap_or_default();
        known.extend(tags.iter().map(|tag| (tag.clone(), digest.to_owned())));
        let content = json_at(client, &format!("/v2/{name}/manifests/{digest}")).await;
        for layer in content["layers"].as_array().unwrap() {
            let blob = layer["digest"].as_str().unwrap();
            let answer = client.get(&format!("/v2/{name}/blobs/{blob}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{blob} of {digest}");
        }
    }
    let tags = json_at(client, &format!("/acr/v1/{name}/_tags")).await;
    let mut named: Vec<(Value, String)> = Vec::new();
    for tag in tags["tags"].as_array().unwrap() {
        named.push((
            tag["name"].clone(),
            tag["digest"].as_str().unwrap().to_owned(),
        ));
    }
    let sorted = |mut pairs: Vec<(Value, String)>| {
        pairs.sort_by_key(|(tag, _)| tag.to_string());
        pairs
    };
    assert_eq!(sorted(named), sorted(known));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pushes_meet_deletions() {
    let client = Arc::new(Client::start().await);
    let (digest, manifest) = client.push_image("a", "v1", "layer").await;
    let (_, other) = client.push_image("a", "other", "other layer").await;
    let by_digest = format!("/v2/a/manifests/{digest}");
    let blob = format!("/v2/a/blobs/{}", sha256("layer"));
    for round in 0..15 {
        let mut requests = vec![
            ("PUT", "/v2/a/manifests/v1".to_owned(), manifest.clone()),
            ("DELETE", by_digest.clone(), String::new()),
            ("PUT", "/v2/a/manifests/v1".to_owned(), other.clone()),
            ("DELETE", blob.clone(), String::new()),
            ("PUT", "/v2/a/manifests/v2".to_owned(), manifest.clone()),
            ("DELETE", "/acr/v1/a/_tags/v1".to_owned(), String::new()),
        ];
        requests.rotate_left(round % 6);
        for status in all(&client, requests).await {
            assert!(!status.is_server_error(), "round {round}: {status}");
        }
        check(&client, "a").await;
        client.push_blob("a", "layer").await;
        client.put("a", "v1", manifest.clone()).await;
    }
}

/// Pushes to a repository that comes and goes with its only manifest, whose blobs are there all the time.
pub(super) async fn first_pushes_meet_last_deletions(client: Client) {
    let client = Arc::new(client);
    let (digest, manifest) = client.push_image("a", "v0", "layer").await;
    for round in 0..15 {
        let put = |tag: usize| ("PUT", format!("/v2/a/manifests/v{tag}"), manifest.clone());
        let mut requests: Vec<_> = (0..6).map(put).collect();
        for place in [1, 4] {
            let path = format!("/v2/a/manifests/{digest}");
            requests.insert(place, ("DELETE", path, String::new()));
        }
        requests.rotate_left(round % 8);
        let is_put: Vec<bool> = requests
            .iter()
            .map(|(method, ..)| *method == "PUT")
            .collect();
        let statuses = all(&client, requests).await;
        for (status, is_put) in statuses.into_iter().zip(is_put) {
            let is_expected = match is_put {
                true => status == StatusCode::CREATED,
                false => matches!(status, StatusCode::ACCEPTED | StatusCode::NOT_FOUND),
            };
            assert!(is_expected, "round {round}: {status}, push: {is_put}");
        }
        client.put("a", "v0", manifest.clone()).await;
        check(&client, "a").await;
        let path = format!("/v2/a/manifests/{digest}");
        client.send("DELETE", &path, Body::empty()).await;
        let catalog = json_at(&client, "/v2/_catalog").await;
        assert_eq!(catalog["repositories"].as_array().map(Vec::len), Some(0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_comes_and_goes() {
    first_pushes_meet_last_deletions(Client::start().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_many_move_names_one_manifest() {
    let client = Arc::new(Client::start().await);
    let mut images = Vec::new();
    for layer in ["1", "2", "3", "4"] {
        images.push(client.push_image("a", "first", layer).await.1);
    }
    for _ in 0..5 {
        let push = |number: usize| {
            (
                "PUT",
                "/v2/a/manifests/v1".to_owned(),
                images[number % 4].clone(),
            )
        };
        let statuses = all(&client, (0..16).map(push).collect()).await;
        assert_eq!(statuses, [StatusCode::CREATED; 16]);
        check(&client, "a").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_blobs_that_arrive_together_are_one() {
    let client = Arc::new(Client::start().await);
    let digest = sha256("same");
    let push = |number: usize| {
        let path = format!("/v2/r{}/blobs/uploads/?digest={digest}", number % 3);
        ("POST", path, "same".to_owned())
    };
    let statuses = all(&client, (0..12).map(push).collect()).await;
    assert_eq!(statuses, [StatusCode::CREATED; 12]);
    let stored = client.server.app.blobs().list(None, 10).await.unwrap();
    assert_eq!(stored.len(), 1, "{stored:?}");
    for name in ["r0", "r1", "r2"] {
        let answer = client.get(&format!("/v2/{name}/blobs/{digest}")).await;
        assert_eq!(answer.text, "same");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_chunks_that_meet_one_is_taken() {
    let client = Arc::new(Client::start().await);
    for _ in 0..5 {
        let location = client.begin("a").await;
        let chunk = |_| ("PATCH", location.clone(), "abc".to_owned());
        let statuses = all(&client, (0..6).map(chunk).collect()).await;
        let taken = statuses
            .iter()
            .filter(|status| **status == StatusCode::ACCEPTED);
        let taken = "abc".repeat(taken.count());
        assert!(!taken.is_empty(), "{statuses:?}");
        let path = format!("{location}?digest={}", sha256(&taken));
        let answer = client.send("PUT", &path, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{statuses:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_is_deleted_whole_while_images_arrive() {
    let client = Arc::new(Client::start().await);
    let (_, manifest) = client.push_image("a", "v1", "layer").await;
    for _ in 0..10 {
        let put = |tag: &str| ("PUT", format!("/v2/a/manifests/{tag}"), manifest.clone());
        let delete = ("DELETE", "/acr/v1/a".to_owned(), String::new());
        let statuses = all(&client, vec![put("v1"), put("v2"), delete, put("v3")]).await;
        assert_eq!(statuses[2], StatusCode::ACCEPTED);
        // A push that came after the deletion finds none of its blobs.
        let answer = client.get("/v2/a/tags/list").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{statuses:?}");
        client.push_image("a", "v1", "layer").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locks_that_meet_pushes_hold() {
    let client = Arc::new(Client::start().await);
    let (digest, manifest) = client.push_image("a", "v1", "layer").await;
    let tag = "/acr/v1/a/_tags/v1".to_owned();
    let image = format!("/acr/v1/a/_manifests/{digest}");
    for round in 0..10 {
        let put = |tag: &str| ("PUT", format!("/v2/a/manifests/{tag}"), manifest.clone());
        let lock = |path: &String, member: &str| {
            ("PATCH", path.clone(), format!("{{\"{member}\":false}}"))
        };
        let mut requests = vec![
            put("v1"),
            lock(&tag, "deleteEnabled"),
            put("v2"),
            lock(&image, "deleteEnabled"),
            lock(&tag, "listEnabled"),
            lock(&image, "listEnabled"),
            put("v3"),
        ];
        requests.rotate_left(round % 7);
        let statuses = all(&client, requests).await;
        assert!(
            statuses.iter().all(StatusCode::is_success),
            "{round}: {statuses:?}"
        );
        for (path, kind) in [(&tag, "tag"), (&image, "manifest")] {
            let locks = json_at(&client, path).await[kind]["changeableAttributes"].clone();
            assert_eq!(locks["deleteEnabled"], false, "{round}: {locks}");
            assert_eq!(locks["listEnabled"], false, "{round}: {locks}");
            let unlock = serde_json::json!({"deleteEnabled": true, "listEnabled": true});
            client.patch(path, unlock).await;
        }
    }
}
