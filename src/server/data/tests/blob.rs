//! Pull › Pulling blobs, checking if content exists; Content management › Deleting blobs.

use axum::{body::Body, http::StatusCode};

use super::fixture::{Client, sha256};

#[tokio::test]
async fn pulling_blobs() {
    let client = Client::start().await;
    let digest = client.push_blob("a/b", "0123456789").await;
    let path = format!("/v2/a/b/blobs/{digest}");
    for method in ["GET", "HEAD"] {
        let answer = client.send(method, &path, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-length"), "10");
        assert_eq!(answer.header("docker-content-digest"), digest);
        assert_eq!(answer.header("etag"), format!("\"{digest}\""));
        assert_eq!(answer.header("accept-ranges"), "bytes");
        let expected = if method == "GET" { "0123456789" } else { "" };
        assert_eq!(answer.text, expected);
    }
}

#[tokio::test]
async fn the_range_header() {
    let client = Client::start().await;
    let digest = client.push_blob("a", "0123456789").await;
    let path = format!("/v2/a/blobs/{digest}");
    for (range, status, content_range, text) in [
        ("bytes=0-3", 206, "bytes 0-3/10", "0123"),
        ("bytes=7-", 206, "bytes 7-9/10", "789"),
        ("bytes=-2", 206, "bytes 8-9/10", "89"),
        ("bytes=9-99", 206, "bytes 9-9/10", "9"),
        ("bytes=0-0,2-3", 200, "", "0123456789"),
        ("bytes=3-1", 416, "bytes */10", ""),
        ("bytes=10-", 416, "bytes */10", ""),
        ("lines=1-2", 200, "", "0123456789"),
    ] {
        let answer = client
            .send_with("GET", &path, &[("range", range)], Body::empty())
            .await;
        assert_eq!(answer.status.as_u16(), status, "{range}");
        assert_eq!(answer.header("content-range"), content_range, "{range}");
        if status != 416 {
            assert_eq!(answer.text, text, "{range}");
            assert_eq!(answer.header("content-length"), text.len().to_string());
        }
    }
    // Only GET has ranges.
    let part = [("range", "bytes=0-3")];
    let answer = client.send_with("HEAD", &path, &part, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-length"), "10");
    assert_eq!(answer.header("content-range"), "");
    let other = [("range", "bytes=0-3"), ("if-range", "\"sha256:other\"")];
    let answer = client.send_with("GET", &path, &other, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let client = Client::start().await;
    let digest = client.push_blob("a", "text").await;
    let etag = format!("\"{digest}\"");
    let answer = client
        .send_with(
            "GET",
            &format!("/v2/a/blobs/{digest}"),
            &[("if-none-match", &etag)],
            Body::empty(),
        )
        .await;
    assert_eq!(
        (answer.status, &*answer.text),
        (StatusCode::NOT_MODIFIED, "")
    );
}

#[tokio::test]
async fn a_blob_is_seen_only_through_a_repository_that_has_it() {
    let client = Client::start().await;
    let digest = client.push_blob("a", "secret").await;
    client.push_blob("b", "other").await;
    for name in ["b", "c"] {
        let answer = client.get(&format!("/v2/{name}/blobs/{digest}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
    }
    let answer = client.get(&format!("/v2/b/blobs/{digest}")).await;
    assert_eq!(answer.refusal(), "BLOB_UNKNOWN");
    let answer = client.get("/v2/c/tags/list").await;
    assert_eq!(answer.refusal(), "NAME_UNKNOWN");
    let answer = client.get("/v2/a/blobs/sha256:xyz").await;
    assert_eq!(
        (answer.status, &*answer.refusal()),
        (StatusCode::BAD_REQUEST, "DIGEST_INVALID")
    );
}

#[tokio::test]
async fn deleting_blobs() {
    let client = Client::start().await;
    client.push_image("a", "v1", "layer").await;
    let needed = format!("/v2/a/blobs/{}", sha256("layer"));
    let answer = client.send("DELETE", &needed, Body::empty()).await;
    assert_eq!(
        answer.status,
        StatusCode::METHOD_NOT_ALLOWED,
        "an image needs it"
    );
    let digest = client.push_blob("a", "alone").await;
    client.push_blob("b", "alone").await;
    let path = format!("/v2/a/blobs/{digest}");
    let answer = client.send("DELETE", &path, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND);
    let again = client.send("DELETE", &path, Body::empty()).await;
    assert_eq!(again.refusal(), "BLOB_UNKNOWN");
    let other = client.get(&format!("/v2/b/blobs/{digest}")).await;
    assert_eq!(other.text, "alone");
}
