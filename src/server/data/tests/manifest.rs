//! Push › Pushing manifests; Pull › Pulling manifests; Content management › Deleting tags and manifests.

use acr_api::oci::media_type;
use axum::{body::Body, http::StatusCode};
use serde_json::json;

use super::fixture::{Client, sha256, sha512};

#[tokio::test]
async fn pushing_and_pulling_manifests() {
    let client = Client::start().await;
    let (digest, manifest) = client.push_image("a/b", "v1", "layer").await;
    for reference in ["v1", &digest] {
        for method in ["GET", "HEAD"] {
            let path = format!("/v2/a/b/manifests/{reference}");
            let answer = client.send(method, &path, Body::empty()).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            assert_eq!(answer.header("content-type"), media_type::IMAGE_MANIFEST);
            assert_eq!(answer.header("docker-content-digest"), digest);
            assert_eq!(answer.header("etag"), format!("\"{digest}\""));
            assert_eq!(answer.header("content-length"), manifest.len().to_string());
            let expected = if method == "GET" { &*manifest } else { "" };
            assert_eq!(answer.text, expected, "byte for byte");
        }
    }
    let answer = client.put("a/b", "v2", manifest).await;
    assert_eq!(answer.location(), "/v2/a/b/manifests/v2");
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let client = Client::start().await;
    client.push_image("a", "v1", "layer").await;
    for reference in ["v2", &sha256("other"), ".INVALID", "sha256:short"] {
        for method in ["GET", "HEAD", "DELETE"] {
            let path = format!("/v2/a/manifests/{reference}");
            let answer = client.send(method, &path, Body::empty()).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {reference}");
        }
    }
    let answer = client.get("/v2/a/manifests/v2").await;
    assert_eq!(answer.refusal(), "MANIFEST_UNKNOWN");
    let answer = client.get("/v2/nowhere/manifests/v1").await;
    assert_eq!(answer.refusal(), "NAME_UNKNOWN");
}

#[tokio::test]
async fn a_missing_blob_is_named() {
    let client = Client::start().await;
    let missing = sha256("missing");
    let config = client.push_blob("a", "{}").await;
    let image = |digest: &str, size: usize| {
        json!({
            "schemaVersion": 2, "mediaType": media_type::IMAGE_MANIFEST,
            "config": {"mediaType": media_type::EMPTY, "digest": config, "size": size},
            "layers": [{"mediaType": media_type::LAYER, "digest": digest, "size": 7}],
        })
        .to_string()
    };
    let answer = client.put("a", "v1", image(&missing, 2)).await;
    assert_eq!(answer.refusal(), "MANIFEST_BLOB_UNKNOWN");
    assert_eq!(answer.json()["errors"][0]["detail"]["digest"], missing);
    client.push_blob("b", "missing").await;
    let answer = client.put("a", "v1", image(&missing, 2)).await;
    assert_eq!(
        answer.refusal(),
        "MANIFEST_BLOB_UNKNOWN",
        "another repository has it"
    );
    client.push_blob("a", "missing").await;
    let answer = client.put("a", "v1", image(&missing, 3)).await;
    assert_eq!(answer.refusal(), "MANIFEST_INVALID", "the size is wrong");
    let answer = client.put("a", "v1", image(&missing, 2)).await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

#[tokio::test]
async fn foreign_layers_need_not_be_there() {
    let client = Client::start().await;
    let config = client.push_blob("a", "{}").await;
    let manifest = json!({
        "schemaVersion": 2, "mediaType": media_type::DOCKER_MANIFEST,
        "config": {"mediaType": media_type::DOCKER_CONFIG, "digest": config, "size": 2},
        "layers": [{"mediaType": media_type::DOCKER_FOREIGN_LAYER_GZIP, "digest": sha256("windows"),
            "size": 7, "urls": ["https://example.com/layer"]}],
    })
    .to_string();
    let answer = client.put("a", "v1", manifest).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let answer = client.get("/v2/a/manifests/v1").await;
    assert_eq!(answer.header("content-type"), media_type::DOCKER_MANIFEST);
}

#[tokio::test]
async fn indexes_nest_and_may_be_sparse() {
    let client = Client::start().await;
    let (image, manifest) = client.push_image("a", "v1", "layer").await;
    let index = |digest: &str, kind: &str, size: usize| {
        json!({
            "schemaVersion": 2, "mediaType": media_type::IMAGE_INDEX,
            "manifests": [
                {"mediaType": kind, "digest": digest, "size": size,
                 "platform": {"architecture": "arm64", "os": "linux"}},
                {"mediaType": media_type::IMAGE_MANIFEST, "digest": sha256("elsewhere"), "size": 9},
            ],
        })
        .to_string()
    };
    let inner = index(&image, media_type::IMAGE_MANIFEST, manifest.len());
    let answer = client.put("a", "inner", inner.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let outer = index(&sha256(&inner), media_type::IMAGE_INDEX, inner.len());
    let answer = client.put("a", "outer", outer.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(client.get("/v2/a/manifests/outer").await.text, outer);
}

#[tokio::test]
async fn a_manifest_that_no_registry_keeps_is_400_or_413() {
    let client = Client::start().await;
    let (digest, manifest) = client.push_image("a", "v1", "layer").await;
    for (reference, text) in [
        ("v2", "{}".to_owned()),
        ("v2", "not json".to_owned()),
        ("v2", String::new()),
        ("v2", json!({"schemaVersion": 1}).to_string()),
    ] {
        let answer = client.put("a", reference, text.clone()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{text}");
        assert_eq!(answer.refusal(), "MANIFEST_INVALID");
    }
    let answer = client.put("a", &digest, format!("{manifest} ")).await;
    assert_eq!(answer.refusal(), "DIGEST_INVALID");
    let answer = client.put("a", ".bad", manifest.clone()).await;
    assert_eq!(answer.refusal(), "TAG_INVALID");
    let large = format!("{manifest}{}", " ".repeat(4 * 1024 * 1024));
    let answer = client.put("a", "v2", large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.refusal(), "MANIFEST_INVALID");
    let path = "/v2/a/manifests/v2";
    assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_largest_manifest_is_kept_byte_for_byte() {
    let client = Client::start().await;
    let (_, manifest) = client.push_image("a", "v1", "layer").await;
    let padding = "\n".repeat(4 * 1024 * 1024 - manifest.len());
    let large = format!("{manifest}{padding}");
    let answer = client.put("a", "large", large.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert!(client.get("/v2/a/manifests/large").await.text == large);
}

#[tokio::test]
async fn a_push_by_digest_may_name_tags() {
    let client = Client::start().await;
    let (_, manifest) = client.push_image("a", "v1", "layer").await;
    let tags: Vec<String> = (0..12).map(|number| format!("t{number}")).collect();
    for digest in [sha256(&manifest), sha512(&manifest)] {
        let reference = format!("{digest}?tag={}", tags.join("&tag="));
        let answer = client.put("a", &reference, manifest.clone()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert_eq!(answer.header("oci-tag"), tags.join(", "));
        for tag in &tags {
            let answer = client.get(&format!("/v2/a/manifests/{tag}")).await;
            assert_eq!(answer.header("docker-content-digest"), digest);
        }
    }
    let reference = format!("{}?tag=ok&tag=.bad", sha256(&manifest));
    let answer = client.put("a", &reference, manifest).await;
    assert_eq!(answer.refusal(), "TAG_INVALID");
    let answer = client.get("/v2/a/manifests/ok").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "all or nothing");
}

#[tokio::test]
async fn the_accept_header() {
    let client = Client::start().await;
    client.push_image("a", "v1", "layer").await;
    let listed = format!(
        "{}, {};q=0.5",
        media_type::IMAGE_INDEX,
        media_type::IMAGE_MANIFEST
    );
    for (accept, status) in [
        ("*/*", 200),
        (media_type::IMAGE_MANIFEST, 200),
        (&*listed, 200),
        ("application/json", 200),
        (media_type::DOCKER_MANIFEST, 404),
    ] {
        let answer = client
            .send_with(
                "GET",
                "/v2/a/manifests/v1",
                &[("accept", accept)],
                Body::empty(),
            )
            .await;
        assert_eq!(answer.status.as_u16(), status, "{accept}");
    }
}

#[tokio::test]
async fn a_tag_moves_and_its_old_manifest_stays() {
    let client = Client::start().await;
    let (first, _) = client.push_image("a", "v1", "one").await;
    let (second, _) = client.push_image("a", "v1", "two").await;
    let named = client.get("/v2/a/manifests/v1").await;
    assert_eq!(named.header("docker-content-digest"), second);
    let old = client.get(&format!("/acr/v1/a/_manifests/{first}")).await;
    assert_eq!(old.status, StatusCode::OK);
    assert!(old.json()["manifest"].get("tags").is_none());
    let new = client.get(&format!("/acr/v1/a/_manifests/{second}")).await;
    assert_eq!(new.json()["manifest"]["tags"], json!(["v1"]));
}

#[tokio::test]
async fn deleting_tags() {
    let client = Client::start().await;
    let (digest, _) = client.push_image("a", "v1", "layer").await;
    client.push_image("a", "v2", "layer").await;
    let answer = client
        .send("DELETE", "/v2/a/manifests/v1", Body::empty())
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    for (reference, status) in [("v1", 404), ("v2", 200), (&*digest, 200)] {
        let answer = client.get(&format!("/v2/a/manifests/{reference}")).await;
        assert_eq!(answer.status.as_u16(), status, "{reference}");
    }
}

#[tokio::test]
async fn deleting_manifests() {
    let client = Client::start().await;
    let (digest, _) = client.push_image("a", "v1", "layer").await;
    client.push_image("a", "v2", "layer").await;
    client.push_image("a", "other", "other").await;
    let path = format!("/v2/a/manifests/{digest}");
    let answer = client.send("DELETE", &path, Body::empty()).await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::ACCEPTED, ""));
    for (reference, status) in [("v1", 404), ("v2", 404), (&*digest, 404), ("other", 200)] {
        let answer = client.get(&format!("/v2/a/manifests/{reference}")).await;
        assert_eq!(answer.status.as_u16(), status, "{reference}");
    }
    let tags = client.get("/v2/a/tags/list").await.json();
    assert_eq!(tags["tags"], json!(["other"]));
    let answer = client.send("DELETE", &path, Body::empty()).await;
    let refusal = &answer.json()["errors"][0];
    assert_eq!(
        refusal["message"],
        format!("manifest {digest} is not found")
    );
    let blob = format!("/v2/a/blobs/{}", sha256("layer"));
    let answer = client.send("DELETE", &blob, Body::empty()).await;
    assert_eq!(
        answer.status,
        StatusCode::ACCEPTED,
        "nothing needs it any more"
    );
    client.push_image("a", "v1", "layer").await;
}
