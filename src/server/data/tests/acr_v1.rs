//! Azure's own API.

use acr_api::oci::media_type;
use axum::{body::Body, http::StatusCode};
use chrono::TimeDelta;
use serde_json::json;

use super::fixture::{Client, HOST};

#[tokio::test]
async fn a_repository_tells_of_itself() {
    let client = Client::start().await;
    client.push_image("a/b", "v1", "one").await;
    client.server.advance(TimeDelta::seconds(5));
    client.push_image("a/b", "v2", "two").await;
    let answer = client.get("/acr/v1/a%2Fb").await;
    assert_eq!(
        answer.json(),
        json!({
            "registry": HOST, "imageName": "a/b",
            "createdTime": "2026-09-10T09:00:00.0000000Z",
            "lastUpdateTime": "2026-09-10T09:00:05.0000000Z",
            "manifestCount": 2, "tagCount": 2,
            "changeableAttributes": {"deleteEnabled": true, "writeEnabled": true,
                "readEnabled": true, "listEnabled": true, "teleportEnabled": false},
        })
    );
    let missing = client.get("/acr/v1/nowhere").await;
    assert_eq!(
        missing.json(),
        json!({"errors": [{"code": "NAME_UNKNOWN", "message": "repository name not known to registry",
            "detail": {"name": "nowhere"}}]})
    );
}

#[tokio::test]
async fn tags_and_manifests_tell_of_themselves() {
    let client = Client::start().await;
    let (digest, manifest) = client.push_image("a", "v1", "one").await;
    let time = "2026-09-10T09:00:00.0000000Z";
    let locks = json!({"deleteEnabled": true, "writeEnabled": true, "readEnabled": true, "listEnabled": true});
    let tag = json!({"name": "v1", "digest": digest, "createdTime": time, "lastUpdateTime": time,
        "signed": false, "changeableAttributes": locks});
    let one = client.get("/acr/v1/a/_tags/v1").await.json();
    assert_eq!(one, json!({"registry": HOST, "imageName": "a", "tag": tag}));
    for path in [
        "/acr/v1/a/_tags".to_owned(),
        format!("/acr/v1/a/_tags?digest={digest}"),
    ] {
        let all = client.get(&path).await.json();
        assert_eq!(
            all,
            json!({"registry": HOST, "imageName": "a", "tags": [tag]})
        );
    }
    let mut locks = locks;
    locks["quarantineState"] = json!("Passed");
    let config = r#"{"architecture":"arm64","os":"linux"}"#;
    let expected = json!({"digest": digest, "imageSize": manifest.len() + config.len() + 3,
        "createdTime": time, "lastUpdateTime": time, "architecture": "arm64", "os": "linux",
        "mediaType": media_type::IMAGE_MANIFEST, "configMediaType": media_type::IMAGE_CONFIG,
        "tags": ["v1"], "changeableAttributes": locks});
    let one = client.get(&format!("/acr/v1/a/_manifests/{digest}")).await;
    assert_eq!(
        one.json(),
        json!({"registry": HOST, "imageName": "a", "manifest": expected})
    );
    let all = client.get("/acr/v1/a/_manifests").await;
    assert_eq!(all.json()["manifests"], json!([expected]));
}

#[tokio::test]
async fn an_index_tells_what_it_lists() {
    let client = Client::start().await;
    let (image, manifest) = client.push_image("a", "v1", "one").await;
    let index = json!({
        "schemaVersion": 2, "mediaType": media_type::DOCKER_MANIFEST_LIST,
        "manifests": [{"mediaType": media_type::IMAGE_MANIFEST, "digest": image, "size": manifest.len(),
            "platform": {"architecture": "arm64", "os": "linux"}}],
    })
    .to_string();
    let length = index.len();
    let digest = super::fixture::sha256(&index);
    client.put("a", "list", index).await;
    let one = client.get(&format!("/acr/v1/a/_manifests/{digest}")).await;
    let one = &one.json()["manifest"];
    assert_eq!(
        one["references"],
        json!([{"digest": image, "architecture": "arm64", "os": "linux"}])
    );
    assert_eq!(one["imageSize"], length);
    assert!(one.get("architecture").is_none());
}

#[tokio::test]
async fn untagging_tells_the_manifest() {
    let client = Client::start().await;
    let (digest, _) = client.push_image("a", "v1", "one").await;
    let answer = client
        .send("DELETE", "/acr/v1/a/_tags/v1", Body::empty())
        .await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::ACCEPTED, ""));
    assert_eq!(answer.header("x-ms-int-docker-content-digest"), digest);
    let again = client
        .send("DELETE", "/acr/v1/a/_tags/v1", Body::empty())
        .await;
    assert_eq!(
        (again.status, &*again.refusal()),
        (StatusCode::NOT_FOUND, "TAG_UNKNOWN")
    );
    let kept = client.get(&format!("/v2/a/manifests/{digest}")).await;
    assert_eq!(kept.status, StatusCode::OK);
}

#[tokio::test]
async fn a_deleted_repository_leaves_nothing() {
    let client = Client::start().await;
    let (one, _) = client.push_image("a", "v1", "one").await;
    let (two, _) = client.push_image("a", "v2", "two").await;
    client.push_image("b", "v1", "one").await;
    let answer = client.send("DELETE", "/acr/v1/a", Body::empty()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let mut digests = [one.clone(), two];
    digests.sort();
    assert_eq!(
        answer.json(),
        json!({"manifestsDeleted": digests, "tagsDeleted": ["v1", "v2"]})
    );
    for path in ["/v2/a/tags/list", "/v2/a/manifests/v1", "/acr/v1/a"] {
        assert_eq!(client.get(path).await.refusal(), "NAME_UNKNOWN", "{path}");
    }
    client.push_blob("a", "new").await;
    let anew = client.get(&format!("/v2/a/manifests/{one}")).await;
    assert_eq!(
        anew.status,
        StatusCode::NOT_FOUND,
        "a new one has nothing of the old"
    );
    let bare = client.send("DELETE", "/acr/v1/a", Body::empty()).await;
    assert_eq!(bare.refusal(), "NAME_UNKNOWN", "it has no manifest");
    assert_eq!(
        client.get("/v2/b/manifests/v1").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_change_that_cannot_be_read_is_refused() {
    let client = Client::start().await;
    let (digest, _) = client.push_image("a", "v1", "one").await;
    for (path, body) in [
        ("/acr/v1/a".to_owned(), "nonsense"),
        ("/acr/v1/a/_tags/v1".to_owned(), r#"{"writeEnabled":"no"}"#),
        (
            format!("/acr/v1/a/_manifests/{digest}"),
            r#"{"quarantineState":"Maybe"}"#,
        ),
    ] {
        let answer = client.send("PATCH", &path, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
    let path = format!("/acr/v1/a/_manifests/{digest}");
    let answer = client
        .patch(
            &path,
            json!({"quarantineState": "Failed", "quarantineDetails": "{}"}),
        )
        .await;
    let attributes = &answer.json()["manifest"]["changeableAttributes"];
    assert_eq!(attributes["quarantineState"], "Failed");
    assert_eq!(attributes["writeEnabled"], true);
}

#[tokio::test]
async fn tags_and_manifests_agree_however_many_tags_there_are() {
    let client = Client::start().await;
    let (digest, manifest) = client.push_image("a", "t00", "one").await;
    for number in 1..25 {
        client
            .put("a", &format!("t{number:02}"), manifest.clone())
            .await;
    }
    let tags = client.get("/acr/v1/a/_tags").await.json();
    let names: Vec<_> = tags["tags"].as_array().unwrap().iter().collect();
    assert_eq!(names.len(), 25);
    assert!(names.iter().all(|tag| tag["digest"] == *digest));
    let names: Vec<_> = names.iter().map(|tag| tag["name"].clone()).collect();
    let manifests = client.get("/acr/v1/a/_manifests").await.json();
    assert_eq!(manifests["manifests"][0]["tags"], json!(names));
    let repository = client.get("/acr/v1/a").await.json();
    assert_eq!(
        (&repository["manifestCount"], &repository["tagCount"]),
        (&json!(1), &json!(25))
    );
}
