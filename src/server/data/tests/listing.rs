//! Content discovery › Listing tags; the catalog; pages by name and by time.

use axum::{body::Body, http::StatusCode};
use chrono::TimeDelta;
use serde_json::json;

use super::fixture::Client;

/// Follows the `Link` headers from a first page on and gives the names on all of them.
async fn follow(client: &Client, first: &str, member: &str) -> Vec<String> {
    let mut path = first.to_owned();
    let mut names = Vec::new();
    loop {
        let answer = client.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        for entry in answer.json()[member].as_array().unwrap() {
            let name = entry
                .as_str()
                .or(entry["name"].as_str())
                .or(entry["digest"].as_str());
            names.push(name.unwrap().to_owned());
        }
        match answer.header("link").split_once('>') {
            Some((next, _)) => path = next[1..].to_owned(),
            None => return names,
        }
    }
}

#[tokio::test]
async fn listing_tags() {
    let client = Client::start().await;
    for tag in ["b", "B", "a", "a-1", "a.1", "_", "10", "9"] {
        client.push_image("a", tag, "layer").await;
    }
    let sorted = ["10", "9", "B", "_", "a", "a-1", "a.1", "b"];
    let answer = client.get("/v2/a/tags/list").await;
    assert_eq!(answer.json(), json!({"name": "a", "tags": sorted}));
    assert_eq!(answer.header("link"), "");
    for n in [1, 3, 7, 8, 9] {
        let names = follow(&client, &format!("/v2/a/tags/list?n={n}"), "tags").await;
        assert_eq!(names, sorted, "{n}");
    }
    let page = client.get("/v2/a/tags/list?n=2&last=9").await;
    assert_eq!(page.json()["tags"], json!(["B", "_"]));
    assert_eq!(
        page.header("link"),
        "</v2/a/tags/list?last=_&n=2&orderby=>; rel=\"next\""
    );
    let none = client.get("/v2/a/tags/list?n=0").await;
    assert_eq!(
        (none.json()["tags"].clone(), none.header("link")),
        (json!([]), "")
    );
    let last = client.get("/v2/a/tags/list?last=zzz").await;
    assert_eq!(last.json()["tags"], json!([]));
    let bad = client.get("/v2/a/tags/list?n=-1").await;
    assert_eq!(
        (bad.status, &*bad.refusal()),
        (StatusCode::BAD_REQUEST, "UNSUPPORTED")
    );
}

#[tokio::test]
async fn the_catalog() {
    let client = Client::start().await;
    let empty = client.get("/v2/_catalog").await;
    assert_eq!(empty.json(), json!({"repositories": []}));
    for name in ["b", "a/c", "a", "a-b"] {
        client.push_image(name, "v1", "layer").await;
    }
    for path in [
        "/v2/_catalog?n=1",
        "/acr/v1/_catalog?n=3",
        "/acr/v1/_catalog",
    ] {
        let names = follow(&client, path, "repositories").await;
        assert_eq!(names, ["a", "a-b", "a/c", "b"], "{path}");
    }
    let page = client.get("/v2/_catalog?n=3").await;
    assert_eq!(
        page.header("link"),
        "</v2/_catalog?last=a%2Fc&n=3&orderby=>; rel=\"next\""
    );
}

#[tokio::test]
async fn pages_by_time() {
    let client = Client::start().await;
    let mut digests = Vec::new();
    for (tag, layer) in [("b", "1"), ("c", "2"), ("a", "3"), ("d", "4")] {
        digests.push(client.push_image("r", tag, layer).await.0);
        client.server.advance(TimeDelta::seconds(1));
    }
    for (order, expected) in [
        ("timeasc", ["b", "c", "a", "d"]),
        ("timedesc", ["d", "a", "c", "b"]),
        ("", ["a", "b", "c", "d"]),
    ] {
        let path = format!("/acr/v1/r/_tags?n=3&orderby={order}");
        assert_eq!(follow(&client, &path, "tags").await, expected, "{order}");
    }
    let path = "/acr/v1/r/_manifests?n=1&orderby=timeasc";
    assert_eq!(follow(&client, path, "manifests").await, digests);
    digests.reverse();
    let path = "/acr/v1/r/_manifests?n=2&orderby=timedesc";
    assert_eq!(follow(&client, path, "manifests").await, digests);
    let bad = client.get("/acr/v1/r/_tags?orderby=size").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_page_may_begin_behind_what_was_deleted() {
    let client = Client::start().await;
    for tag in ["a", "b", "c"] {
        client.push_image("r", tag, "layer").await;
        client.server.advance(TimeDelta::seconds(1));
    }
    client
        .send("DELETE", "/acr/v1/r/_tags/b", Body::empty())
        .await;
    for (order, expected) in [("timeasc", "c"), ("timedesc", "a")] {
        let path = format!("/acr/v1/r/_tags?last=b&orderby={order}");
        assert_eq!(follow(&client, &path, "tags").await, [expected]);
    }
    let never = client.get("/acr/v1/r/_tags?last=x&orderby=timeasc").await;
    assert_eq!(never.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_not_listed_leaves_no_gap() {
    let client = Client::start().await;
    for tag in ["a", "b", "c", "d"] {
        client.push_image("r", tag, "layer").await;
    }
    for tag in ["b", "c"] {
        let path = format!("/acr/v1/r/_tags/{tag}");
        let answer = client.patch(&path, json!({"listEnabled": false})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    for path in [
        "/v2/r/tags/list?n=1",
        "/acr/v1/r/_tags?n=2",
        "/acr/v1/r/_tags?n=1&orderby=timedesc",
    ] {
        let mut names = follow(&client, path, "tags").await;
        names.sort();
        assert_eq!(names, ["a", "d"], "{path}");
    }
    let hidden = client.get("/v2/r/manifests/b").await;
    assert_eq!(hidden.status, StatusCode::OK, "it can still be pulled");
    client
        .patch("/acr/v1/r", json!({"listEnabled": false}))
        .await;
    let catalog = client.get("/v2/_catalog").await;
    assert_eq!(catalog.json()["repositories"], json!([]));
}
