//! Soft delete: what is deleted while the policy is on, how it is listed, and how it comes back.

use acr_store::Batch;
use axum::{body::Body, http::StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::fixture::{Client, sha256};
use crate::{
    domain::{access, content::deleted, registry::TYPE, resource::collection},
    testing::Server,
};

/// A client of a registry that keeps what is deleted for seven days.
async fn start() -> Client {
    of(Server::start().await).await
}

async fn of(server: Server) -> Client {
    let client = Client::of(server).await;
    keep(&client, "enabled", 7).await;
    client
}

async fn keep(client: &Client, status: &str, days: i64) {
    let policy = json!({"status": status, "retentionDays": days});
    let body = json!({"properties": {"policies": {"softDeletePolicy": policy}}});
    let path = client.server.registry("images");
    // The days that go by in a test end the token it began with.
    let token = client.server.administrator_token().await;
    let answer = client
        .server
        .arm_as(&token, "PATCH", &path, Some(body))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

async fn delete(client: &Client, path: &str) {
    let answer = client.send("DELETE", path, Body::empty()).await;
    assert_eq!(
        answer.status,
        StatusCode::ACCEPTED,
        "{path}: {}",
        answer.text
    );
}

async fn restore(client: &Client, digest: &str, tag: Value, force: &str) -> (StatusCode, Value) {
    let path = format!("/acr/v1/_deleted/a/_manifests/{digest}?force={force}");
    let body = json!({"tag": tag}).to_string();
    let answer = client.send("POST", &path, body).await;
    (answer.status, answer.json())
}

/// The tags and digests of the deleted tags of `a`, in order.
async fn deleted_tags(client: &Client) -> Vec<(String, String)> {
    let list = client.get("/acr/v1/_deleted/a/_tags").await.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let tags = list["tags"].as_array().unwrap();
    tags.iter()
        .map(|tag| (text(&tag["tag"]), text(&tag["digest"])))
        .collect()
}

async fn deleted_manifests(client: &Client) -> Vec<String> {
    let list = client.get("/acr/v1/_deleted/a/_manifests").await.json();
    let manifests = list["manifests"].as_array().unwrap();
    let digest = |manifest: &Value| manifest["digest"].as_str().unwrap().to_owned();
    manifests.iter().map(digest).collect()
}

async fn purge(client: &Client) -> u64 {
    let app = &client.server.app;
    let registry = access::by_label(app, "images").await.unwrap().unwrap();
    deleted::purge(app, &registry).await.unwrap()
}

async fn status(client: &Client, path: &str) -> StatusCode {
    client.get(path).await.status
}

#[tokio::test]
async fn a_deleted_manifest_is_listed_and_comes_back_with_a_tag() {
    let client = start().await;
    let (digest, manifest) = client.push_image("a", "v1", "one").await;
    client.put("a", "v2", manifest.clone()).await;
    client.server.advance(TimeDelta::seconds(5));
    delete(&client, &format!("/v2/a/manifests/{digest}")).await;
    let by_digest = format!("/v2/a/manifests/{digest}");
    assert_eq!(status(&client, &by_digest).await, StatusCode::NOT_FOUND);
    let time = "2026-09-10T09:00:05.0000000Z";
    let list = client.get("/acr/v1/_deleted/a/_manifests").await;
    assert_eq!(
        list.json(),
        json!({"manifests": [{"digest": digest, "deletedAt": time}]})
    );
    let list = client.get("/acr/v1/_deleted/a/_tags").await;
    assert_eq!(
        list.json(),
        json!({"tags": [{"tag": "v1", "digest": digest, "deletedAt": time},
            {"tag": "v2", "digest": digest, "deletedAt": time}]})
    );
    let (status_of, answer) = restore(&client, &digest, json!("v1"), "False").await;
    assert_eq!(status_of, StatusCode::OK, "{answer}");
    assert_eq!(answer["manifest"]["tags"], json!(["v1"]));
    assert_eq!(
        answer["manifest"]["createdTime"],
        "2026-09-10T09:00:00.0000000Z"
    );
    assert_eq!(client.get("/v2/a/manifests/v1").await.text, manifest);
    assert_eq!(deleted_manifests(&client).await, [""; 0]);
    assert_eq!(deleted_tags(&client).await, [("v2".into(), digest.clone())]);
    let (status_of, _) = restore(&client, &digest, json!("v2"), "False").await;
    assert_eq!(status_of, StatusCode::OK);
    assert_eq!(deleted_tags(&client).await, []);
    let (status_of, answer) = restore(&client, &digest, json!("v2"), "False").await;
    assert_eq!(status_of, StatusCode::NOT_FOUND, "{answer}");
}

#[tokio::test]
async fn a_deleted_manifest_is_not_pushed_again() {
    let client = start().await;
    let (digest, manifest) = client.push_image("a", "v1", "one").await;
    delete(&client, &format!("/v2/a/manifests/{digest}")).await;
    for reference in ["v1", "v9", &digest] {
        let refused = client.put("a", reference, manifest.clone()).await;
        assert_eq!(
            (refused.status, &*refused.refusal()),
            (StatusCode::BAD_REQUEST, "MANIFEST_INVALID")
        );
    }
    keep(&client, "disabled", 7).await;
    let refused = client.put("a", "v1", manifest.clone()).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "it is kept still");
    client.server.advance(TimeDelta::days(8));
    assert_eq!(purge(&client).await, 2);
    let taken = client.put("a", "v1", manifest).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text);
}

#[tokio::test]
async fn tags_leave_an_entry_for_each_manifest_they_named() {
    let client = start().await;
    let (one, manifest) = client.push_image("a", "v1", "one").await;
    client.server.advance(TimeDelta::seconds(1));
    let (two, _) = client.push_image("a", "v1", "two").await;
    client.server.advance(TimeDelta::seconds(1));
    delete(&client, "/acr/v1/a/_tags/v1").await;
    client.server.advance(TimeDelta::seconds(1));
    client.put("a", "v1", manifest).await;
    client.server.advance(TimeDelta::seconds(1));
    delete(&client, "/v2/a/manifests/v1").await;
    let entry = |digest: &String| ("v1".to_owned(), digest.clone());
    assert_eq!(
        deleted_tags(&client).await,
        [entry(&one), entry(&two), entry(&one)]
    );
    let first = client.get("/acr/v1/_deleted/a/_tags?n=2").await;
    assert_eq!(first.json()["tags"][1]["digest"], *two);
    let link = first.header("link");
    let (next, _) = link[1..].split_once('>').unwrap();
    let second = client.get(next).await;
    assert_eq!(second.json()["tags"].as_array().unwrap().len(), 1);
    assert_eq!(second.json()["tags"][0]["digest"], *one);
    assert_eq!(second.header("link"), "");
    let (status_of, answer) = restore(&client, &one, json!("v1"), "False").await;
    assert_eq!(status_of, StatusCode::OK, "{answer}");
    assert_eq!(deleted_tags(&client).await, [entry(&two)]);
}

#[tokio::test]
async fn a_tag_is_taken_from_another_manifest_only_by_force() {
    let client = start().await;
    let (one, _) = client.push_image("a", "v1", "one").await;
    delete(&client, &format!("/v2/a/manifests/{one}")).await;
    let (two, _) = client.push_image("a", "v1", "two").await;
    let (status_of, answer) = restore(&client, &one, json!("v1"), "False").await;
    assert_eq!(status_of, StatusCode::CONFLICT, "{answer}");
    client
        .patch("/acr/v1/a/_tags/v1", json!({"writeEnabled": false}))
        .await;
    let (status_of, _) = restore(&client, &one, json!("v1"), "True").await;
    assert_eq!(
        status_of,
        StatusCode::METHOD_NOT_ALLOWED,
        "the tag is locked"
    );
    client
        .patch("/acr/v1/a/_tags/v1", json!({"writeEnabled": true}))
        .await;
    let (status_of, answer) = restore(&client, &one, json!("v1"), "True").await;
    assert_eq!(status_of, StatusCode::OK, "{answer}");
    assert_eq!(deleted_tags(&client).await, [("v1".into(), two.clone())]);
    let tag = client.get("/acr/v1/a/_tags/v1").await.json();
    assert_eq!(tag["tag"]["digest"], *one);
    let by_digest = format!("/v2/a/manifests/{two}");
    assert_eq!(status(&client, &by_digest).await, StatusCode::OK);
}

#[tokio::test]
async fn a_manifest_may_come_back_without_a_tag() {
    let client = start().await;
    let (digest, _) = client.push_image("a", "v1", "one").await;
    delete(&client, "/acr/v1/a/_tags/v1").await;
    delete(&client, &format!("/v2/a/manifests/{digest}")).await;
    let (status_of, answer) = restore(&client, &digest, Value::Null, "False").await;
    assert_eq!(status_of, StatusCode::OK, "{answer}");
    assert!(answer["manifest"].get("tags").is_none());
    let never = sha256("never");
    let (status_of, _) = restore(&client, &never, json!("v1"), "False").await;
    assert_eq!(status_of, StatusCode::NOT_FOUND);
    let path = format!("/acr/v1/_deleted/a/_manifests/{digest}");
    let bad = client.send("POST", &path, r#"{"tag":"-"}"#).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    let bad = client.send("POST", &path, "nonsense").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_subject_comes_back_before_what_is_about_it() {
    let client = start().await;
    let (subject, _) = client.push_image("a", "v1", "one").await;
    let referrer = client.push_referrer("a", &subject, "test/signature").await;
    let referrers = format!("/v2/a/referrers/{subject}");
    let listed = client.get(&referrers).await.json();
    delete(&client, &format!("/v2/a/manifests/{subject}")).await;
    let mut both = [subject.clone(), referrer.clone()];
    both.sort();
    assert_eq!(deleted_manifests(&client).await, both, "both went");
    assert_eq!(client.get(&referrers).await.json()["manifests"], json!([]));
    let (status_of, _) = restore(&client, &referrer, Value::Null, "False").await;
    assert_eq!(status_of, StatusCode::CONFLICT);
    restore(&client, &subject, json!("v1"), "False").await;
    assert_eq!(client.get(&referrers).await.json()["manifests"], json!([]));
    let (status_of, _) = restore(&client, &referrer, Value::Null, "False").await;
    assert_eq!(status_of, StatusCode::OK);
    assert_eq!(client.get(&referrers).await.json(), listed);
}

#[tokio::test]
async fn a_deleted_repository_is_listed_until_it_is_used_again() {
    let client = start().await;
    let (one, _) = client.push_image("a", "v1", "one").await;
    let (two, _) = client.push_image("a", "v2", "two").await;
    client.push_image("b", "v1", "one").await;
    client.server.advance(TimeDelta::seconds(5));
    let answer = client.send("DELETE", "/acr/v1/a", Body::empty()).await;
    let mut digests = [one.clone(), two.clone()];
    digests.sort();
    assert_eq!(
        answer.json(),
        json!({"manifestsDeleted": digests, "tagsDeleted": ["v1", "v2"]})
    );
    let catalog = client.get("/v2/_catalog").await;
    assert_eq!(catalog.json()["repositories"], json!(["b"]));
    let deleted = client.get("/acr/v1/_deleted/_catalog").await;
    assert_eq!(
        deleted.json(),
        json!({"repositories": [{"createdAt": "2026-09-10T09:00:00.0000000Z",
            "deletedAt": "2026-09-10T09:00:05.0000000Z", "repository": "a"}]})
    );
    assert_eq!(
        status(&client, "/v2/a/manifests/v1").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(deleted_manifests(&client).await, digests);
    let (three, _) = client.push_image("a", "v1", "three").await;
    let deleted = client.get("/acr/v1/_deleted/_catalog").await;
    assert_eq!(deleted.json(), json!({"repositories": []}));
    assert_eq!(deleted_manifests(&client).await, digests, "they are kept");
    let tags = client.get("/acr/v1/a/_tags").await.json();
    assert_eq!(tags["tags"].as_array().unwrap().len(), 1);
    assert_eq!(tags["tags"][0]["digest"], three);
    let repository = client.get("/acr/v1/a").await.json();
    assert_eq!(repository["createdTime"], "2026-09-10T09:00:00.0000000Z");
    assert_eq!(
        (&repository["manifestCount"], &repository["tagCount"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn restoring_brings_a_deleted_repository_back() {
    let client = start().await;
    let (digest, manifest) = client.push_image("a", "v1", "one").await;
    delete(&client, "/acr/v1/a").await;
    let (status_of, answer) = restore(&client, &digest, json!("v1"), "False").await;
    assert_eq!(status_of, StatusCode::OK, "{answer}");
    assert_eq!(client.get("/v2/a/manifests/v1").await.text, manifest);
    let blob = format!("/v2/a/blobs/{}", sha256("one"));
    assert_eq!(status(&client, &blob).await, StatusCode::OK);
    let catalog = client.get("/v2/_catalog").await;
    assert_eq!(catalog.json()["repositories"], json!(["a"]));
    let nowhere = client.get("/acr/v1/_deleted/nowhere/_tags").await;
    assert_eq!(nowhere.refusal(), "NAME_UNKNOWN");
}

#[tokio::test]
async fn what_its_days_are_over_is_gone() {
    let client = start().await;
    let (one, manifest) = client.push_image("a", "v1", "one").await;
    delete(&client, "/acr/v1/a").await;
    client.server.advance(TimeDelta::days(5));
    keep(&client, "enabled", 14).await;
    client.server.advance(TimeDelta::days(5));
    assert_eq!(
        purge(&client).await,
        0,
        "the days are counted as they are now"
    );
    keep(&client, "enabled", 10).await;
    let blob = format!("/v2/a/blobs/{}", sha256("one"));
    assert_eq!(purge(&client).await, 2, "a manifest and its tag");
    let (status_of, _) = restore(&client, &one, json!("v1"), "False").await;
    assert_eq!(status_of, StatusCode::NOT_FOUND);
    let deleted = client.get("/acr/v1/_deleted/_catalog").await;
    assert_eq!(deleted.json(), json!({"repositories": []}));
    assert_eq!(status(&client, &blob).await, StatusCode::NOT_FOUND);
    client.push_image("a", "v1", "one").await;
    assert_eq!(client.get("/v2/a/manifests/v1").await.text, manifest);
    let content = client.get("/acr/v1/a").await.json();
    assert_eq!(content["manifestCount"], 1);
}

#[tokio::test]
async fn blobs_of_what_was_deleted_stay() {
    let client = start().await;
    let (digest, _) = client.push_image("a", "v1", "one").await;
    delete(&client, &format!("/v2/a/manifests/{digest}")).await;
    let blob = format!("/v2/a/blobs/{}", sha256("one"));
    let refused = client.send("DELETE", &blob, Body::empty()).await;
    assert_eq!(refused.refusal(), "REGISTRY_DISALLOWED_OPERATION");
    client.server.advance(TimeDelta::days(7));
    purge(&client).await;
    delete(&client, &blob).await;
}

#[tokio::test]
async fn without_the_policy_nothing_is_kept() {
    let client = Client::start().await;
    let (digest, manifest) = client.push_image("a", "v1", "one").await;
    delete(&client, &format!("/v2/a/manifests/{digest}")).await;
    assert_eq!(deleted_manifests(&client).await, [""; 0]);
    assert_eq!(deleted_tags(&client).await, []);
    assert_eq!(
        client.put("a", "v1", manifest).await.status,
        StatusCode::CREATED
    );
    delete(&client, "/acr/v1/a").await;
    let deleted = client.get("/acr/v1/_deleted/_catalog").await;
    assert_eq!(deleted.json(), json!({"repositories": []}));
}

#[tokio::test]
async fn what_was_kept_outlives_the_policy_and_the_repository() {
    let client = start().await;
    let (one, _) = client.push_image("a", "v1", "one").await;
    delete(&client, &format!("/v2/a/manifests/{one}")).await;
    let (two, _) = client.push_image("a", "v2", "two").await;
    keep(&client, "disabled", 7).await;
    delete(&client, "/acr/v1/a").await;
    assert_eq!(
        deleted_manifests(&client).await,
        std::slice::from_ref(&one),
        "not the second"
    );
    let (status_of, _) = restore(&client, &two, json!("v2"), "False").await;
    assert_eq!(status_of, StatusCode::NOT_FOUND);
    let (status_of, _) = restore(&client, &one, json!("v1"), "False").await;
    assert_eq!(status_of, StatusCode::OK);
}

#[tokio::test]
async fn pages_of_what_was_deleted() {
    let client = start().await;
    for name in ["c", "a", "b"] {
        client.push_image(name, "v1", name).await;
        delete(&client, &format!("/acr/v1/{name}")).await;
    }
    let first = client.get("/acr/v1/_deleted/_catalog?n=2").await;
    let names = |list: Value| -> Vec<Value> {
        let repositories = list["repositories"].as_array().unwrap().clone();
        repositories
            .iter()
            .map(|one| one["repository"].clone())
            .collect()
    };
    assert_eq!(names(first.json()), [json!("a"), json!("b")]);
    let link = "</acr/v1/_deleted/_catalog?last=b&n=2&orderby=>; rel=\"next\"";
    assert_eq!(first.header("link"), link);
    let second = client.get("/acr/v1/_deleted/_catalog?n=2&last=b").await;
    assert_eq!(names(second.json()), [json!("c")]);
    for method in ["POST", "DELETE"] {
        let answer = client
            .send(method, "/acr/v1/_deleted/_catalog", Body::empty())
            .await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn a_replicated_registry_keeps_nothing() {
    let client = Client::start().await;
    let id: acr_api::arm::ResourceId = client.server.registry("images").parse().unwrap();
    let replications = collection(&format!("{TYPE}/replications"));
    let batch = Batch::new().insert(&replications, &format!("{}/west", id.key()), &json!({}));
    client.server.app.meta().commit(batch).await.unwrap();
    let policy = json!({"softDeletePolicy": {"status": "enabled"}});
    let body = json!({"properties": {"policies": policy}});
    let path = client.server.registry("images");
    let refused = client.server.arm("PATCH", &path, Some(body)).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
    let target = &refused.json()["error"]["target"];
    assert_eq!(*target, "properties.policies.softDeletePolicy");
}
