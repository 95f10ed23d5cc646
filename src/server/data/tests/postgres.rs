//! The life of images when the metadata is in PostgreSQL: pushed, named anew, deleted, restored, and cleared away.

use acr_store::{Target, testing::Postgres};
use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{fixture::Client, race::first_pushes_meet_last_deletions};
use crate::{
    clock,
    testing::{ENDPOINT, Server},
};

/// A client of a registry on this database, whose clock stands where that of the blob store does.
async fn start(postgres: &Postgres) -> Client {
    let database = postgres.database().await.unwrap();
    let mut server =
        Server::start_with(|options| options.database = Target::Postgres(database)).await;
    server.advance(clock::now() - server.app.now());
    server.token = server.administrator_token().await;
    Client::of(server).await
}

async fn ask(client: &Client, method: &str, path: &str, body: impl Into<String>) -> StatusCode {
    let answer = client.send(method, path, body.into()).await;
    assert!(!answer.status.is_server_error(), "{path}: {}", answer.text);
    answer.status
}

async fn keep_deleted(client: &mut Client, status: &str) {
    client.server.token = client.server.administrator_token().await;
    let policy = json!({"softDeletePolicy": {"status": status, "retentionDays": 7}});
    let body = json!({"properties": {"policies": policy}});
    let path = client.server.registry("images");
    let answer = client.server.arm("PATCH", &path, Some(body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

/// Clears away what nothing needs, and gives the report.
async fn collect(client: &mut Client) -> Value {
    client.server.token = client.server.administrator_token().await;
    let server = &client.server;
    let subscription = server.subscription();
    let path = format!("{subscription}/providers/Microsoft.ContainerRegistry/garbageCollections");
    let begun = server.arm("POST", &path, None).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text);
    let location = begun.headers[header::LOCATION].to_str().unwrap();
    let (location, _) = location.split_once('?').unwrap();
    let place = location.strip_prefix(ENDPOINT).unwrap();
    loop {
        let answer = server.arm("GET", place, None).await;
        match answer.status {
            StatusCode::ACCEPTED => tokio::task::yield_now().await,
            status => {
                assert_eq!(status, StatusCode::OK, "{}", answer.text);
                return answer.json();
            }
        }
    }
}

#[tokio::test]
async fn images_live_and_die_in_postgres() {
    let Some(postgres) = Postgres::start_or_skip("images_live_and_die_in_postgres").await else {
        return;
    };
    let mut client = start(&postgres).await;
    let (first, manifest) = client.push_image("a/b", "v1", "one").await;
    let (second, _) = client.push_image("a/b", "v1", "two").await;
    let answer = client.get("/v2/a/b/manifests/v1").await;
    assert_eq!(answer.header("docker-content-digest"), second);
    let signature = client.push_referrer("a/b", &second, "a/signature").await;
    let path = format!("/v2/a/b/referrers/{second}");
    assert_eq!(
        client.get(&path).await.json()["manifests"][0]["digest"],
        *signature
    );
    let answer = client.get("/acr/v1/a/b").await.json();
    assert_eq!(
        (&answer["manifestCount"], &answer["tagCount"]),
        (&json!(3), &json!(1))
    );

    keep_deleted(&mut client, "enabled").await;
    let by_digest = format!("/v2/a/b/manifests/{first}");
    assert_eq!(
        ask(&client, "DELETE", &by_digest, "").await,
        StatusCode::ACCEPTED
    );
    assert_eq!(
        ask(&client, "GET", &by_digest, "").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        client.put("a/b", "v2", manifest.clone()).await.status,
        StatusCode::BAD_REQUEST
    );
    let path = format!("/acr/v1/_deleted/a/b/_manifests/{first}");
    assert_eq!(
        ask(&client, "POST", &path, r#"{"tag":"v2"}"#).await,
        StatusCode::OK
    );
    assert_eq!(client.get("/v2/a/b/manifests/v2").await.text, manifest);

    keep_deleted(&mut client, "disabled").await;
    assert_eq!(
        ask(&client, "DELETE", &by_digest, "").await,
        StatusCode::ACCEPTED
    );
    let answer = client.get("/v2/a/b/tags/list").await.json();
    assert_eq!(answer["tags"], json!(["v1"]));
    client.server.advance(TimeDelta::days(8));
    let report = collect(&mut client).await;
    assert_eq!(
        report["blobs"]["removed"], 1,
        "the layer of the first image: {report}"
    );
    let path = format!("/v2/a/b/blobs/{}", super::fixture::sha256("two"));
    assert_eq!(client.get(&path).await.text, "two");

    assert_eq!(
        ask(&client, "DELETE", "/acr/v1/a/b", "").await,
        StatusCode::ACCEPTED
    );
    client.server.advance(TimeDelta::days(8));
    let report = collect(&mut client).await;
    assert_eq!(
        report["blobs"]["removed"], report["blobs"]["examined"],
        "{report}"
    );
    let stored = client.server.app.blobs().list(None, 10).await.unwrap();
    assert!(stored.is_empty(), "{stored:?}");
    let answer = client.get("/v2/_catalog").await.json();
    assert_eq!(answer["repositories"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_comes_and_goes_in_postgres() {
    let test = "a_repository_comes_and_goes_in_postgres";
    if let Some(postgres) = Postgres::start_or_skip(test).await {
        first_pushes_meet_last_deletions(start(&postgres).await).await;
    }
}

#[tokio::test]
async fn text_that_postgres_cannot_keep_is_no_failure_of_the_server() {
    let test = "text_that_postgres_cannot_keep_is_no_failure_of_the_server";
    let Some(postgres) = Postgres::start_or_skip(test).await else {
        return;
    };
    let client = start(&postgres).await;
    let (digest, manifest) = client.push_image("a", "v1", "one").await;
    for path in [
        "/v2/_catalog?last=%00",
        "/v2/a/tags/list?last=%00",
        "/v2/a/tags/list?last=%ff",
        "/acr/v1/a/_tags?last=%00&orderby=timedesc",
        "/acr/v1/a/_manifests?last=%00",
        "/acr/v1/a/_manifests?last=%00&orderby=timeasc",
        "/acr/v1/_deleted/_catalog?last=%00",
        "/acr/v1/_deleted/a/_tags?last=%00",
        &format!("/v2/a/referrers/{digest}?last=%00&artifactType=%00"),
    ] {
        ask(&client, "GET", path, "").await;
    }
    for path in [
        "/oauth2/token?service=%00",
        "/oauth2/token?service=images.localhost:5480&scope=%00",
    ] {
        ask(&client, "GET", path, "").await;
    }
    let annotated = manifest.replacen('{', r#"{"annotations":{"a":"\u0000"},"#, 1);
    let pushed = client.put("a", "v2", annotated.clone()).await;
    assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.text);
    assert_eq!(client.get("/v2/a/manifests/v2").await.text, annotated);
    let change = json!({"quarantineDetails": "\0"}).to_string();
    let path = format!("/acr/v1/a/_manifests/{digest}");
    ask(&client, "PATCH", &path, change).await;
}
