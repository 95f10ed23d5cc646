//! Content discovery › Listing referrers.

use acr_api::oci::media_type;
use axum::{body::Body, http::StatusCode};
use serde_json::json;

use super::fixture::{Client, sha256};

#[tokio::test]
async fn lists_what_is_about_a_manifest() {
    let client = Client::start().await;
    let (subject, _) = client.push_image("a", "v1", "layer").await;
    let sbom = client
        .push_referrer("a", &subject, "application/sbom")
        .await;
    let signature = client
        .push_referrer("a", &subject, "application/signature")
        .await;
    let path = format!("/v2/a/referrers/{subject}");
    let answer = client.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), media_type::IMAGE_INDEX);
    let index = answer.json();
    assert_eq!(
        (&index["schemaVersion"], &index["mediaType"]),
        (&json!(2), &json!(media_type::IMAGE_INDEX))
    );
    let mut expected = [sbom.clone(), signature];
    expected.sort();
    let listed: Vec<_> = index["manifests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["digest"].clone())
        .collect();
    assert_eq!(listed, expected);

    let filtered = client
        .get(&format!("{path}?artifactType=application/sbom"))
        .await;
    assert_eq!(filtered.header("oci-filters-applied"), "artifactType");
    let one = &filtered.json()["manifests"];
    assert_eq!(one.as_array().unwrap().len(), 1);
    assert_eq!(one[0]["digest"], sbom);
    assert_eq!(one[0]["artifactType"], "application/sbom");
    assert_eq!(one[0]["annotations"], json!({"kind": "application/sbom"}));
}

#[tokio::test]
async fn a_subject_that_is_not_there_has_referrers_too() {
    let client = Client::start().await;
    let subject = sha256("not yet");
    let referrer = client
        .push_referrer("a", &subject, "application/sbom")
        .await;
    let listed = client.get(&format!("/v2/a/referrers/{subject}")).await;
    assert_eq!(listed.json()["manifests"][0]["digest"], referrer);
    for path in [
        format!("/v2/a/referrers/{}", sha256("nothing")),
        format!("/v2/nowhere/referrers/{subject}"),
    ] {
        let answer = client.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.json()["manifests"], json!([]));
    }
    let answer = client.get("/v2/a/referrers/sha256:bad").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

/// The digests on each page, from a first one on.
async fn pages(client: &Client, first: &str) -> Vec<Vec<String>> {
    let (mut path, mut pages) = (first.to_owned(), Vec::new());
    loop {
        let answer = client.get(&path).await;
        let page = answer.json()["manifests"].as_array().unwrap().clone();
        pages.push(
            page.into_iter()
                .map(|one| one["digest"].to_string())
                .collect(),
        );
        match answer.header("link").split_once('>') {
            Some((next, rest)) => {
                assert_eq!(rest, "; rel=\"next\"");
                path = next[1..].to_owned();
            }
            None => return pages,
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other() {
    let client = Client::start().await;
    let subject = sha256("subject");
    for kind in ["application/a", "application/b", "application/b"] {
        client.push_referrer("a", &subject, kind).await;
    }
    client.push_referrer("a", &subject, "application/c").await;
    let pages = pages(&client, &format!("/v2/a/referrers/{subject}?n=2")).await;
    assert!(pages.iter().all(|page| page.len() <= 2));
    let listed = pages.concat();
    assert_eq!(listed.len(), 3, "equal manifests are one");
    assert!(listed.is_sorted());
}

/// A page is an index, of which clients read no more than of any manifest.
#[tokio::test]
async fn a_page_is_no_larger_than_a_manifest() {
    let client = Client::start().await;
    let subject = sha256("subject");
    let empty = client.push_blob("a", "{}").await;
    for letter in ["a", "b", "c"] {
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": media_type::IMAGE_MANIFEST,
            "artifactType": "application/large",
            "config": {"mediaType": media_type::EMPTY, "digest": empty, "size": 2},
            "layers": [],
            "subject": {"mediaType": media_type::IMAGE_MANIFEST, "digest": subject, "size": 1},
            "annotations": {"large": letter.repeat(3_000_000)},
        })
        .to_string();
        let answer = client.put("a", &sha256(&manifest), manifest).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    }
    let pages = pages(&client, &format!("/v2/a/referrers/{subject}")).await;
    let lengths: Vec<usize> = pages.iter().map(Vec::len).collect();
    assert_eq!(lengths, [1, 1, 1]);
}

#[tokio::test]
async fn a_deleted_manifest_takes_its_referrers_along() {
    let client = Client::start().await;
    let (subject, _) = client.push_image("a", "v1", "layer").await;
    let sbom = client
        .push_referrer("a", &subject, "application/sbom")
        .await;
    let signature = client
        .push_referrer("a", &sbom, "application/signature")
        .await;
    let path = format!("/v2/a/manifests/{subject}");
    client.send("DELETE", &path, Body::empty()).await;
    for digest in [&subject, &sbom, &signature] {
        let answer = client.get(&format!("/v2/a/manifests/{digest}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let answer = client.get(&format!("/v2/a/referrers/{digest}")).await;
        assert_eq!(answer.json()["manifests"], json!([]));
    }
}
