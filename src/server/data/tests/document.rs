//! Bodies that are documents: what is none, and what is too large, is refused in the words of a registry.

use axum::http::{Request, StatusCode};

use super::fixture::Client;
use crate::data::has_large_body;

#[tokio::test]
async fn a_list_of_values_is_no_change_of_attributes() {
    let client = Client::start().await;
    client.push_image("a", "v1", "layer").await;
    for body in ["[]", "[false]", "", "7", "{", "{\"writeEnabled\":1}"] {
        let answer = client.send("PATCH", "/acr/v1/a", body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(answer.refusal(), "UNSUPPORTED", "{body}");
    }
    let answer = client.get("/acr/v1/a").await.json();
    assert_eq!(answer["changeableAttributes"]["deleteEnabled"], true);
    let answer = client.send("PATCH", "/acr/v1/a", "{}").await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_too_large_is_told_as_registries_tell_it() {
    let client = Client::start().await;
    let (digest, _) = client.push_image("a", "v1", "layer").await;
    let large = " ".repeat(4 * 1024 * 1024 + 1);
    for (method, path, code) in [
        ("PATCH", "/acr/v1/a".to_owned(), "UNSUPPORTED"),
        (
            "PATCH",
            format!("/acr/v1/a/_manifests/{digest}"),
            "UNSUPPORTED",
        ),
        (
            "POST",
            format!("/acr/v1/_deleted/a/_manifests/{digest}"),
            "UNSUPPORTED",
        ),
        ("PUT", "/v2/a/manifests/v2".to_owned(), "MANIFEST_INVALID"),
    ] {
        let answer = client.send(method, &path, large.clone()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_eq!(answer.refusal(), code, "{path}");
    }
}

#[test]
fn only_the_paths_of_registries_have_limits_of_their_own() {
    let has_large_body = |path: &str| {
        let request = Request::get(path).body(()).unwrap();
        has_large_body(&request.into_parts().0)
    };
    for path in ["/v2/a/blobs/uploads/", "//v2/", "/acr/v1/a", "/%76%32/a"] {
        assert!(has_large_body(path), "{path}");
    }
    for path in [
        "/v2",
        "/v20/",
        "/acr/v1",
        "/acr/v10/a",
        "/subscriptions",
        "/%ff",
    ] {
        assert!(!has_large_body(path), "{path}");
    }
}
