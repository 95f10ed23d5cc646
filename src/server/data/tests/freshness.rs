//! What was answered from memory before is answered anew after every change, at once and to everybody.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{body::Body, http::StatusCode};
use serde_json::json;

use super::fixture::{Client, sha256};

/// Asks often enough that whatever can be remembered is.
async fn warm(client: &Client, path: &str) {
    for _ in 0..3 {
        let answer = client.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    }
}

async fn status(client: &Client, path: &str) -> StatusCode {
    client.get(path).await.status
}

async fn delete(client: &Client, path: &str) {
    let answer = client.send("DELETE", path, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{path}");
}

#[tokio::test]
async fn what_was_deleted_is_gone() {
    let client = Client::start().await;
    let (first, _) = client.push_image("a", "v1", "one").await;
    let (second, _) = client.push_image("a", "v2", "two").await;
    let loose = client.push_blob("a", "loose").await;
    let manifest = |reference: &str| format!("/v2/a/manifests/{reference}");
    let blob = |digest: &str| format!("/v2/a/blobs/{digest}");
    for reference in ["v1", "v2", &first, &second] {
        warm(&client, &manifest(reference)).await;
    }
    warm(&client, &blob(&loose)).await;
    warm(&client, &blob(&sha256("two"))).await;

    delete(&client, &blob(&loose)).await;
    assert_eq!(status(&client, &blob(&loose)).await, StatusCode::NOT_FOUND);
    delete(&client, &manifest("v1")).await;
    assert_eq!(
        status(&client, &manifest("v1")).await,
        StatusCode::NOT_FOUND
    );
    warm(&client, &manifest(&first)).await;
    delete(&client, &manifest(&first)).await;
    assert_eq!(
        status(&client, &manifest(&first)).await,
        StatusCode::NOT_FOUND
    );
    delete(&client, "/acr/v1/a").await;
    for path in [manifest("v2"), manifest(&second), blob(&sha256("two"))] {
        assert_eq!(
            status(&client, &path).await,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }

    // What is pushed under the old names is there again.
    client.push_image("a", "v2", "two").await;
    warm(&client, &manifest("v2")).await;
    warm(&client, &blob(&sha256("two"))).await;
}

#[tokio::test]
async fn locks_hold_from_the_answer_on() {
    let client = Client::start().await;
    let (digest, _) = client.push_image("a", "v1", "one").await;
    let blob = format!("/v2/a/blobs/{}", sha256("one"));
    let (tagged, by_digest) = (
        "/v2/a/manifests/v1".to_owned(),
        format!("/v2/a/manifests/{digest}"),
    );
    let locks = [
        ("/acr/v1/a".to_owned(), vec![&tagged, &by_digest, &blob]),
        ("/acr/v1/a/_tags/v1".to_owned(), vec![&tagged]),
        (
            format!("/acr/v1/a/_manifests/{digest}"),
            vec![&tagged, &by_digest],
        ),
    ];
    for (lock, hidden) in locks {
        for path in [&tagged, &by_digest, &blob] {
            warm(&client, path).await;
        }
        client.patch(&lock, json!({"readEnabled": false})).await;
        for path in hidden {
            let status = status(&client, path).await;
            assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{lock}: {path}");
        }
        client.patch(&lock, json!({"readEnabled": true})).await;
    }
    warm(&client, &tagged).await;
}

#[tokio::test]
async fn a_caller_without_rights_is_turned_away() {
    let client = Client::start().await;
    client.push_image("a", "v1", "one").await;
    warm(&client, "/v2/a/manifests/v1").await;
    let registry = client.server.registry("images");
    let change = json!({"properties": {"adminUserEnabled": false}});
    let changed = client.server.arm("PATCH", &registry, Some(change)).await;
    assert!(changed.status.is_success(), "{}", changed.text);
    let status = status(&client, "/v2/a/manifests/v1").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

/// Readers ask all the time while a tag moves; none of them is ever told of an older image than one whose push was
/// acknowledged before it asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_tag_never_moves_back() {
    const IMAGES: [&str; 12] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"];
    let client = Arc::new(Client::start().await);
    let (first, _) = client.push_image("a", "latest", IMAGES[0]).await;
    let mut digests = vec![first];
    for layer in IMAGES.iter().skip(1) {
        digests.push(client.push_image("a", layer, layer).await.0);
    }
    let digests = Arc::new(digests);
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let readers = (0..4).map(|_| {
        let (client, digests) = (Arc::clone(&client), Arc::clone(&digests));
        let acknowledged = Arc::clone(&acknowledged);
        tokio::spawn(async move {
            let mut seen = 0;
            while seen < IMAGES.len() - 1 {
                let least = seen.max(acknowledged.load(Ordering::Acquire));
                let answer = client.get("/v2/a/manifests/latest").await;
                let digest = answer.header("docker-content-digest");
                seen = digests.iter().position(|known| known == digest).unwrap();
                assert!(seen >= least, "{seen} after {least}");
                tokio::task::yield_now().await;
            }
        })
    });
    let readers: Vec<_> = readers.collect();
    for (number, layer) in IMAGES.iter().enumerate().skip(1) {
        client.push_image("a", "latest", layer).await;
        acknowledged.store(number, Ordering::Release);
    }
    for reader in readers {
        reader.await.unwrap();
    }
}
