//! How a request finds its registry, and who is let in.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::json;

use super::fixture::{Client, HOST, sha256};
use crate::testing::Answer;

async fn send(client: &Client, host: &str, path: &str, authorization: Option<&str>) -> Answer {
    let mut request = Request::get(path).header(header::HOST, host);
    if let Some(value) = authorization {
        request = request.header(header::AUTHORIZATION, value);
    }
    client
        .server
        .send(request.body(Body::empty()).unwrap())
        .await
}

#[tokio::test]
async fn a_registry_is_found_by_its_host() {
    let client = Client::start().await;
    client.push_image("a", "v1", "one").await;
    let me = Some(&*client.authorization);
    for host in [
        HOST,
        "IMAGES.localhost",
        "images.localhost.:1",
        "images.local.geo.localhost",
    ] {
        for path in [
            "/v2/a/manifests/v1",
            "//v2/a/manifests/v1",
            "/v2/",
            "/acr/v1/a",
        ] {
            let answer = send(&client, host, path, me).await;
            assert_eq!(answer.status, StatusCode::OK, "{host}{path}");
            assert_eq!(
                answer.header("docker-distribution-api-version"),
                "registry/2.0"
            );
            let exposed: Vec<_> = answer
                .headers
                .get_all("access-control-expose-headers")
                .iter()
                .collect();
            assert_eq!(exposed.len(), 4);
        }
    }
}

#[tokio::test]
async fn a_registrys_host_reaches_nothing_else() {
    let client = Client::start().await;
    let token = format!("Bearer {}", client.server.token);
    let groups = format!(
        "{}/resourcegroups?api-version=2021-04-01",
        client.server.subscription()
    );
    for path in [
        &*groups,
        "/metadata/endpoints",
        "/oauth2/other",
        "/",
        "/v1/",
        "/acr/v1/Bad/_tags",
        "/%",
    ] {
        let answer = send(&client, HOST, path, Some(&token)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.text, "404 page not found\n");
        let nowhere = send(&client, "nobody.localhost:5480", path, Some(&token)).await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!nowhere.text.contains("value"), "{path}: {}", nowhere.text);
    }
    let answer = send(&client, "localhost:5480", &groups, Some(&token)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn nobody_comes_in_without_credentials() {
    let client = Client::start().await;
    client.push_image("a", "v1", "one").await;
    for path in [
        "/v2/",
        "/v2/a/manifests/v1",
        "/v2/nowhere/tags/list",
        "/acr/v1/a",
        "/v2/_catalog",
    ] {
        let answer = send(&client, HOST, path, None).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        let challenge = answer.header("www-authenticate");
        assert!(
            challenge.starts_with("Bearer realm=\"https://images.localhost:5480/oauth2/token\""),
            "{challenge}"
        );
        assert_eq!(answer.refusal(), "UNAUTHORIZED");
    }
    let answer = client.send("PUT", "/v2/a/tags/list", Body::empty()).await;
    assert_eq!(
        (answer.status, answer.header("allow")),
        (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD")
    );
}

#[tokio::test]
async fn path_style_names_the_registry_first() {
    let client = Client::start().await;
    client.push_image("a/b", "v1", "one").await;
    let me = Some(&*client.authorization);
    let host = "localhost:5480";
    let tags = send(&client, host, "/v2/images/a/b/tags/list?n=1", me).await;
    assert_eq!(tags.json(), json!({"name": "a/b", "tags": ["v1"]}));
    let request = Request::post("/v2/images/a/b/blobs/uploads/")
        .header(header::HOST, host)
        .header(header::AUTHORIZATION, &client.authorization);
    let begun = client
        .server
        .send(request.body(Body::empty()).unwrap())
        .await;
    assert!(
        begun
            .location()
            .starts_with("/v2/images/a/b/blobs/uploads/")
    );
    let status = send(&client, host, &begun.location(), me).await;
    assert_eq!(status.status, StatusCode::NO_CONTENT);
    let mount = format!(
        "/v2/images/c/blobs/uploads/?mount={}&from=images/a/b",
        sha256("one")
    );
    let request = Request::post(mount)
        .header(header::HOST, host)
        .header(header::AUTHORIZATION, &client.authorization);
    let mounted = client
        .server
        .send(request.body(Body::empty()).unwrap())
        .await;
    assert_eq!(mounted.status, StatusCode::CREATED, "{}", mounted.text);
    let attributes = send(&client, host, "/acr/v1/images/a/b", me).await;
    assert_eq!(attributes.json()["imageName"], "a/b");
    let tags = send(&client, host, "/acr/v1/images/a%2Fb/_tags?n=1", me).await;
    assert_eq!(tags.json()["tags"][0]["name"], "v1");
    assert_eq!(send(&client, host, "/v2/", me).await.status, StatusCode::OK);
}

/// Docker shows nothing of a refusal that is not in a registry's words.
#[tokio::test]
async fn what_is_not_there_is_told_in_a_registrys_words() {
    let client = Client::start().await;
    let own = "localhost:5480";
    for (host, path, code, named) in [
        (own, "/v2/nobody/a/tags/list", "NAME_UNKNOWN", "'nobody'"),
        (own, "/acr/v1/nobody/a", "NAME_UNKNOWN", "'nobody'"),
        (
            "nobody.localhost",
            "/v2/",
            "NAME_UNKNOWN",
            "'nobody.localhost'",
        ),
        (own, "/v2/images", "NAME_INVALID", "REGISTRY/REPOSITORY"),
        (own, "/v2/_catalog", "NAME_INVALID", "REGISTRY/REPOSITORY"),
        (
            own,
            "/v2/images/manifests/v1",
            "NAME_INVALID",
            "REGISTRY/REPOSITORY",
        ),
        (own, "/acr/v1/images", "NAME_INVALID", "REGISTRY/REPOSITORY"),
        (own, "/acr/v1/", "NAME_INVALID", "REGISTRY/REPOSITORY"),
        (
            HOST,
            "/v2/Bad/tags/list",
            "NAME_INVALID",
            "names no repository",
        ),
    ] {
        for authorization in [None, Some(&*client.authorization)] {
            let answer = send(&client, host, path, authorization).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{host}{path}");
            assert_eq!(answer.refusal(), code, "{host}{path}");
            assert!(answer.text.contains(named), "{host}{path}: {}", answer.text);
        }
    }
}
