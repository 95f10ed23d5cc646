//! Push › Pushing blobs.

use acr_store::{Batch, blob::Target};
use axum::{body::Body, http::StatusCode};
use bytes::Bytes;
use serde_json::json;

use super::fixture::{Client, sha256, sha512};
use crate::{domain::access, testing::Server};

async fn read(client: &Client, name: &str, digest: &str) -> String {
    let answer = client.get(&format!("/v2/{name}/blobs/{digest}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.text
}

#[tokio::test]
async fn post_then_put() {
    let client = Client::start().await;
    for (text, digest) in [
        ("layer", sha256("layer")),
        ("", sha256("")),
        ("long", sha512("long")),
    ] {
        let location = client.begin("a/b").await;
        assert!(location.starts_with("/v2/a/b/blobs/uploads/"), "{location}");
        let path = format!("{location}?digest={digest}");
        let answer = client.send("PUT", &path, text).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert_eq!(answer.location(), format!("/v2/a/b/blobs/{digest}"));
        assert_eq!(answer.header("docker-content-digest"), digest);
        assert_eq!(read(&client, "a/b", &digest).await, text);
        let again = client.send("PUT", &path, text).await;
        assert_eq!(again.refusal(), "BLOB_UPLOAD_UNKNOWN");
    }
}

#[tokio::test]
async fn single_post() {
    let client = Client::start().await;
    let digest = client.push_blob("a", "one").await;
    assert_eq!(read(&client, "a", &digest).await, "one");
    let again = client.push_blob("a", "one").await;
    assert_eq!(again, digest);
    let path = format!("/v2/a/blobs/uploads/?digest={}", sha256("other"));
    let wrong = client.send("POST", &path, "one").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(wrong.refusal(), "DIGEST_INVALID");
}

#[tokio::test]
async fn in_chunks() {
    let client = Client::start().await;
    let mut location = client.begin("a").await;
    for (range, bytes, received) in [
        ("0-2", "abc", "0-2"),
        ("3-3", "d", "0-3"),
        ("4-5", "ef", "0-5"),
    ] {
        let answer = client
            .send_with("PATCH", &location, &[("content-range", range)], bytes)
            .await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        assert_eq!(answer.header("range"), received);
        location = answer.location();
        let status = client.get(&location).await;
        assert_eq!(status.status, StatusCode::NO_CONTENT);
        assert_eq!(
            (status.header("range"), status.location()),
            (received, location.clone())
        );
    }
    let digest = sha256("abcdefgh");
    let path = format!("{location}?digest={digest}");
    let answer = client
        .send_with("PUT", &path, &[("content-range", "6-7")], "gh")
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(read(&client, "a", &digest).await, "abcdefgh");
}

#[tokio::test]
async fn a_chunk_out_of_order_is_416_and_changes_nothing() {
    let client = Client::start().await;
    let location = client.begin("a").await;
    let early = client
        .send_with("PATCH", &location, &[("content-range", "1-3")], "bcd")
        .await;
    assert_eq!(early.status, StatusCode::RANGE_NOT_SATISFIABLE);
    let first = client
        .send_with("PATCH", &location, &[("content-range", "0-2")], "abc")
        .await;
    assert_eq!(first.status, StatusCode::ACCEPTED);
    for (method, range, bytes) in [
        ("PATCH", "0-2", "abc"),
        ("PATCH", "4-4", "e"),
        ("PUT", "2-3", "cd"),
    ] {
        let path = format!("{location}?digest={}", sha256("abcd"));
        let answer = client
            .send_with(method, &path, &[("content-range", range)], bytes)
            .await;
        assert_eq!(answer.status, StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
        assert_eq!(client.get(&location).await.header("range"), "0-2");
    }
    let path = format!("{location}?digest={}", sha256("abcd"));
    assert_eq!(
        client.send("PUT", &path, "d").await.status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn a_chunk_of_another_length_than_it_says_is_refused() {
    let client = Client::start().await;
    let location = client.begin("a").await;
    for (range, bytes) in [("0-4", "abc"), ("0-1", "abc")] {
        for is_streamed in [false, true] {
            let body = match is_streamed {
                false => Body::from(bytes),
                true => Body::from_stream(futures_util::stream::iter([Ok::<_, String>(bytes)])),
            };
            let answer = client
                .send_with("PATCH", &location, &[("content-range", range)], body)
                .await;
            assert_eq!(answer.refusal(), "SIZE_INVALID", "{range} {is_streamed}");
        }
    }
    for range in ["bytes 0-2", "0-2/3", "2-0", "x"] {
        let answer = client
            .send_with("PATCH", &location, &[("content-range", range)], "abc")
            .await;
        assert_eq!(answer.refusal(), "BLOB_UPLOAD_INVALID", "{range}");
    }
    let path = format!("{location}?digest={}", sha256("abc"));
    assert_eq!(
        client.send("PUT", &path, "abc").await.status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn what_arrived_of_a_broken_request_is_kept() {
    let client = Client::start().await;
    let location = client.begin("a").await;
    let broken = futures_util::stream::iter([
        Ok(Bytes::from_static(b"abc")),
        Err("the client went away".to_owned()),
    ]);
    let answer = client
        .send("PATCH", &location, Body::from_stream(broken))
        .await;
    assert_eq!(answer.refusal(), "BLOB_UPLOAD_INVALID");
    assert_eq!(client.get(&location).await.header("range"), "0-2");
    let path = format!("{location}?digest={}", sha256("abcd"));
    let answer = client
        .send_with("PUT", &path, &[("content-range", "3-3")], "d")
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

#[tokio::test]
async fn a_blob_that_comes_at_once_begins_at_its_beginning() {
    let client = Client::start().await;
    let path = format!("/v2/a/blobs/uploads/?digest={}", sha256("abc"));
    for (range, status) in [
        ("3-5", StatusCode::RANGE_NOT_SATISFIABLE),
        ("0-1", StatusCode::BAD_REQUEST),
        ("0-2", StatusCode::CREATED),
    ] {
        let answer = client
            .send_with("POST", &path, &[("content-range", range)], "abc")
            .await;
        assert_eq!(answer.status, status, "{range}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_wrong_or_unknown_digest_is_400() {
    let client = Client::start().await;
    for (digest, code) in [
        (sha256("other"), "DIGEST_INVALID"),
        ("sha256:ab".to_owned(), "DIGEST_INVALID"),
        (
            "md5:d41d8cd98f00b204e9800998ecf8427e".to_owned(),
            "DIGEST_INVALID",
        ),
        (String::new(), "DIGEST_INVALID"),
    ] {
        let location = client.begin("a").await;
        let path = format!("{location}?digest={digest}");
        let answer = client.send("PUT", &path, "text").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{digest}");
        assert_eq!(answer.refusal(), code);
    }
    let path = format!("/v2/a/blobs/{}", sha256("text"));
    assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_digest_algorithm() {
    let client = Client::start().await;
    let digest = sha512("text");
    for query in ["", "?digest-algorithm=sha512"] {
        let path = format!("/v2/a/blobs/uploads/{query}");
        let location = client.send("POST", &path, Body::empty()).await.location();
        client.send("PATCH", &location, "te").await;
        let path = format!("{location}?digest={digest}");
        let answer = client.send("PUT", &path, "xt").await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    }
    assert_eq!(read(&client, "a", &digest).await, "text");
    let answer = client
        .send(
            "POST",
            "/v2/a/blobs/uploads/?digest-algorithm=md5",
            Body::empty(),
        )
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn cancel_a_blob_upload() {
    let client = Client::start().await;
    let location = client.begin("a").await;
    client.send("PATCH", &location, "abc").await;
    let answer = client.send("DELETE", &location, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    for method in ["GET", "PATCH", "DELETE"] {
        let answer = client.send(method, &location, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method}");
        assert_eq!(answer.refusal(), "BLOB_UPLOAD_UNKNOWN");
    }
    let stored = client.server.app.blobs().list(None, 10).await.unwrap();
    assert!(stored.is_empty(), "{stored:?}");
}

#[tokio::test]
async fn an_upload_belongs_to_its_repository_and_ends() {
    let client = Client::start().await;
    let location = client.begin("a").await;
    let elsewhere = location.replace("/a/", "/b/");
    assert_eq!(client.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
    client.server.advance(chrono::TimeDelta::days(8));
    assert_eq!(client.get(&location).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_upload_that_never_began_makes_room_after_a_day() {
    let client = Client::start().await;
    let (unused, used) = (client.begin("a").await, client.begin("a").await);
    client.send("PATCH", &used, "abc").await;
    client.server.advance(chrono::TimeDelta::hours(25));
    assert_eq!(client.get(&unused).await.status, StatusCode::NOT_FOUND);
    assert_eq!(client.get(&used).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_registry_has_so_many_open_uploads_at_most() {
    let client = Client::start().await;
    let location = client.begin("a").await;
    let registry = access::by_label(&client.server.app, "images").await;
    let id = &registry.unwrap().unwrap().registry_id;
    let mut batch = Batch::new();
    for number in 1..10_000 {
        batch = batch.insert("upload", &format!("{id}/{number}"), &json!({}));
    }
    client.server.app.meta().commit(batch).await.unwrap();
    let answer = client.send("POST", "/v2/b/blobs/uploads/", "").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.refusal(), "TOOMANYREQUESTS");
    assert_eq!(answer.header("retry-after"), "60");
    // What is under way goes on, and what needs no upload of its own goes through.
    let answer = client.send("PATCH", &location, "abc").await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    client.push_blob("b", "at once").await;
    client.send("DELETE", &location, "").await;
    client.begin("b").await;
}

#[tokio::test]
async fn goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Local(folder.path().to_owned());
    let server = Server::start_with(|options| options.blobs = target.clone()).await;
    let client = Client::of(server).await;
    let location = client.begin("a").await;
    client.send("PATCH", &location, "abc").await;
    let (app, _) = client
        .server
        .open_again(|options| options.blobs = target)
        .await;
    let client = Client {
        server: client.server.with_app(app),
        ..client
    };
    assert_eq!(client.get(&location).await.header("range"), "0-2");
    let digest = sha256("abcdef");
    let path = format!("{location}?digest={digest}");
    let answer = client
        .send_with("PUT", &path, &[("content-range", "3-5")], "def")
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(read(&client, "a", &digest).await, "abcdef");
}

#[tokio::test]
async fn mounting_a_blob_from_another_repository() {
    let client = Client::start().await;
    let digest = client.push_blob("a", "shared").await;
    for (name, from) in [
        ("b", "&from=a"),
        ("c", ""),
        ("c", "&from=c"),
        ("d", "&from="),
    ] {
        let path = format!("/v2/{name}/blobs/uploads/?mount={digest}{from}");
        let answer = client.send("POST", &path, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{name}{from}");
        assert_eq!(answer.location(), format!("/v2/{name}/blobs/{digest}"));
        assert_eq!(read(&client, name, &digest).await, "shared");
    }
    let missing = sha256("missing");
    for query in [
        format!("mount={missing}&from=a"),
        format!("mount={missing}"),
        format!("mount={digest}&from=nowhere"),
    ] {
        let path = format!("/v2/e/blobs/uploads/?{query}");
        let answer = client.send("POST", &path, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{query}");
        assert!(answer.location().starts_with("/v2/e/blobs/uploads/"));
    }
}

#[tokio::test]
async fn equal_blobs_are_stored_once() {
    let client = Client::start().await;
    for name in ["a", "b", "a"] {
        client.push_blob(name, "shared").await;
    }
    let stored = client.server.app.blobs().list(None, 10).await.unwrap();
    assert_eq!(stored.len(), 1, "{stored:?}");
}
