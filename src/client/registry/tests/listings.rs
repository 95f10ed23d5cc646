//! Listings in pages, and attributes.

use crate::registry::testing::serve;
use crate::registry::{Entity, Error};
use acr_api::acr::{ChangeableAttributes, PageQuery};
use axum::Router;
use axum::extract::{Query, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{any, get};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn link(target: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("link", format!("<{target}>; rel=\"next\"").parse().unwrap());
    headers
}

#[tokio::test]
async fn pages_follow_each_other_to_the_end() {
    let tags = |Query(query): Query<HashMap<String, String>>| async move {
        let page = |tags: &[&str]| json!({"name": "a", "tags": tags}).to_string();
        match query.get("last").map(String::as_str) {
            None => {
                assert_eq!(query["n"], "2");
                (link("/v2/a/tags/list?n=2&last=v%3D2"), page(&["v1", "v=2"]))
            }
            Some("v=2") => (link("list?n=2&last=v3"), page(&["v3"])),
            Some(_) => (HeaderMap::new(), r#"{"name":"a","tags":null}"#.to_owned()),
        }
    };
    let client = serve(Router::new().route("/v2/a/tags/list", get(tags))).await;
    let mut pages = client.tags(&"a".parse().unwrap(), Some(2));
    assert_eq!(pages.next().await.unwrap().unwrap(), ["v1", "v=2"]);
    assert_eq!(pages.next().await.unwrap().unwrap(), ["v3"]);
    assert!(pages.next().await.unwrap().unwrap().is_empty());
    assert!(pages.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_next_page_elsewhere_or_in_a_circle_is_not_followed() {
    for target in ["http://elsewhere.localhost/v2/_catalog", "/v2/_catalog"] {
        let page = move || async move { (link(target), r#"{"repositories":["a"]}"#) };
        let client = serve(Router::new().route("/v2/_catalog", get(page))).await;
        let error = client.catalog(None).all().await.unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{error}");
    }
}

#[tokio::test]
async fn an_answer_of_another_kind_is_told() {
    for body in ["<html>", "{}", r#"{"repositories":"a"}"#] {
        let client =
            serve(Router::new().route("/v2/_catalog", get(move || async move { body }))).await;
        assert!(client.catalog(None).all().await.is_err(), "{body}");
    }
}

#[tokio::test]
async fn attributes_keep_members_that_are_not_known() {
    let echo = |request: Request| async move {
        let path = request.uri().path().to_owned();
        let body = axum::body::to_bytes(request.into_body(), 9999)
            .await
            .unwrap();
        let sent: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        json!({"path": path, "sent": sent, "new": 1}).to_string()
    };
    let client = serve(Router::new().route("/acr/v1/{*rest}", any(echo))).await;
    let (name, tag) = ("team/app".parse().unwrap(), "v1".parse().unwrap());
    let entity = Entity::Tag(&name, &tag);
    let shown: Value = client.attributes(entity).await.unwrap();
    assert_eq!(shown["path"], "/acr/v1/team/app/_tags/v1");
    assert_eq!(shown["new"], 1);
    let change = ChangeableAttributes {
        write_enabled: Some(false),
        ..ChangeableAttributes::default()
    };
    let changed: Value = client.change_attributes(entity, &change).await.unwrap();
    assert_eq!(changed["sent"], json!({"writeEnabled": false}));
    assert!(client.delete_repository(&name).await.unwrap().is_some());
    assert!(client.delete_tag(&name, &tag).await.unwrap());
}

#[tokio::test]
async fn listings_of_attributes_pass_their_query_on() {
    let page = |request: Request| async move {
        let line = request.uri().to_string();
        json!({"tags": [line]}).to_string()
    };
    let client = serve(Router::new().route("/acr/v1/{*rest}", any(page))).await;
    let query = PageQuery {
        n: Some(5),
        last: Some("a b".to_owned()),
        ..PageQuery::default()
    };
    let name = "a".parse().unwrap();
    let lines: Vec<String> = client.tag_attributes(&name, &query).all().await.unwrap();
    assert_eq!(lines, ["/acr/v1/a/_tags?n=5&last=a+b"]);
    let query = PageQuery {
        orderby: acr_api::acr::Order::TimeDescending,
        digest: Some("sha256:x".to_owned()),
        ..PageQuery::default()
    };
    let lines: Vec<String> = client.tag_attributes(&name, &query).all().await.unwrap();
    assert_eq!(
        lines,
        ["/acr/v1/a/_tags?orderby=timedesc&digest=sha256%3Ax"]
    );
}

#[tokio::test]
async fn no_more_is_asked_for_than_is_wanted() {
    // A registry that gives one entry too many, and keeps odd letters in the address of its next page.
    let page = |request: Request| async move {
        let query = request.uri().query().unwrap().to_owned();
        let next = link("/acr/v1/a/_tags?last=x%2By%26n%3D9&n=3&orderby=");
        (next, json!({"tags": vec![query; 4]}).to_string())
    };
    let client = serve(Router::new().route("/acr/v1/a/_tags", get(page))).await;
    let tags = |most| {
        let query = PageQuery {
            n: Some(3),
            ..PageQuery::default()
        };
        client
            .tag_attributes::<String>(&"a".parse().unwrap(), &query)
            .first(most)
    };
    assert_eq!(tags(2).await.unwrap(), ["n=2"; 2]);
    assert!(tags(0).await.unwrap().is_empty());
    let six = tags(6).await.unwrap();
    assert_eq!(six[..4], vec!["n=3"; 4]);
    assert_eq!(six[4..], vec!["n=2&last=x%2By%26n%3D9&orderby="; 2]);
}

#[tokio::test]
async fn what_is_gone_after_a_lost_answer_was_deleted() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    // Breaks the connection of every first request, and knows nothing afterwards.
    let answer = || async move {
        if count.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            std::panic::resume_unwind(Box::new("cut"));
        }
        StatusCode::NOT_FOUND
    };
    let client = serve(Router::new().fallback(answer)).await;
    let (name, tag) = ("team/app".parse().unwrap(), "v1".parse().unwrap());
    let digest = crate::registry::Hasher::digest(acr_api::oci::Algorithm::Sha256, b"");
    assert!(client.delete_tag(&name, &tag).await.unwrap());
    let by_digest = client.delete_manifest(&name, &digest.into()).await;
    assert!(by_digest.unwrap());
    let told = client.delete_repository(&name).await.unwrap();
    assert_eq!(told, Some(Value::Null));
    // What was not there to begin with is another matter.
    asked.fetch_add(1, Ordering::SeqCst);
    assert!(!client.delete_tag(&name, &tag).await.unwrap());
}
