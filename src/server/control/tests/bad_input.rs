//! Requests that mean nothing, or come from nobody.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::json;

use crate::testing::{Answer, Server};

async fn raw(server: &Server, method: &str, path: &str, body: impl Into<Body>) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {}", server.token))
        .body(body.into())
        .unwrap();
    server.send(request).await
}

#[tokio::test]
async fn bodies_that_are_no_json_objects_are_refused_with_the_place() {
    let server = Server::start().await;
    let path = format!("{}?api-version=1", server.registry("badbody"));
    for (body, part) in [
        ("{\"location\": eastus}", "line 1 column 14"),
        ("", "empty"),
        ("[]", "not a JSON object"),
        ("\"text\"", "not a JSON object"),
        ("{\"a\":", "EOF"),
    ] {
        let answer = raw(&server, "PUT", &path, body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, "InvalidRequestContent")
        );
        assert!(answer.text.contains(part), "{}", answer.text);
    }
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(
        raw(&server, "PUT", &path, deep).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_too_large() {
    let server = Server::start().await;
    let path = format!("{}?api-version=1", server.registry("toolarge"));
    let body = format!(
        "{{\"tags\":{{\"a\":\"{}\"}}}}",
        "x".repeat(10 * 1024 * 1024)
    );
    let answer = raw(&server, "PUT", &path, body).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, "RequestContentTooLarge")
    );
}

#[tokio::test]
async fn the_api_version_must_be_there_and_may_be_any() {
    let server = Server::start().await;
    let missing = raw(&server, "GET", "/subscriptions", Body::empty()).await;
    assert_eq!(
        (missing.status, missing.code().as_str()),
        (StatusCode::BAD_REQUEST, "MissingApiVersionParameter")
    );
    for version in ["2017-10-01", "2099-01-01-preview"] {
        let path = format!("/subscriptions?API-Version={version}");
        assert_eq!(
            raw(&server, "GET", &path, Body::empty()).await.status,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn paths_and_methods_that_mean_nothing_are_refused() {
    let server = Server::start().await;
    let registry = server.registry("anything");
    let (subscription, group) = (server.subscription(), server.group());
    for (method, path, status, code) in [
        (
            "GET",
            format!("{registry}/nonsense/x"),
            StatusCode::NOT_FOUND,
            "InvalidResourceType",
        ),
        (
            "GET",
            format!("{registry}/nonsense"),
            StatusCode::NOT_FOUND,
            "InvalidResourceType",
        ),
        (
            "GET",
            format!("{group}/providers/Microsoft.Storage/accounts/x"),
            StatusCode::NOT_FOUND,
            "InvalidResourceNamespace",
        ),
        (
            "GET",
            "/subscriptions/00000000-0000-0000-0000-000000000000".to_owned(),
            StatusCode::NOT_FOUND,
            "SubscriptionNotFound",
        ),
        (
            "POST",
            registry.clone(),
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
        ),
        (
            "GET",
            format!("{registry}/listCredentials"),
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
        ),
        (
            "GET",
            "/nonsense".to_owned(),
            StatusCode::NOT_FOUND,
            "InvalidResourceType",
        ),
        (
            "GET",
            "/a//b".to_owned(),
            StatusCode::NOT_FOUND,
            "InvalidRequestUri",
        ),
        (
            "GET",
            format!("{subscription}/resources?$filter=nonsense"),
            StatusCode::BAD_REQUEST,
            "InvalidFilterInQueryString",
        ),
        (
            "GET",
            format!("{subscription}/resources?$skipToken=%25"),
            StatusCode::BAD_REQUEST,
            "InvalidSkipToken",
        ),
        (
            "GET",
            format!(
                "{subscription}/providers/Microsoft.ContainerRegistry/locations/x/operationResults/y"
            ),
            StatusCode::NOT_FOUND,
            "OperationNotFound",
        ),
    ] {
        let answer = server.arm(method, &path, None).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn tokens_that_prove_nothing_are_refused() {
    let server = Server::start().await;
    let path = server.subscription();
    let (head, rest) = server.token.split_once('.').unwrap();
    let tampered = format!("{head}.A{rest}");
    let unsigned = format!("{}.", server.token.rsplit_once('.').unwrap().0);
    for token in [tampered.as_str(), &unsigned, "nonsense", "", "a.b.c"] {
        let answer = server.arm_as(token, "GET", &path, None).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken"),
            "{token}"
        );
        let challenge = answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
        assert!(
            challenge.starts_with("Bearer authorization_uri=\"https://localhost:5480/"),
            "{challenge}"
        );
    }
    for value in [None, Some("Basic YTpi")] {
        let mut request = Request::get(format!("{path}?api-version=1"));
        if let Some(value) = value {
            request = request.header(header::AUTHORIZATION, value);
        }
        let answer = server.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNAUTHORIZED, "AuthenticationFailed")
        );
    }
}

#[tokio::test]
async fn tokens_end() {
    let server = Server::start().await;
    server.advance(chrono::TimeDelta::seconds(3598));
    assert_eq!(
        server.arm("GET", "/subscriptions", None).await.status,
        StatusCode::OK
    );
    server.advance(chrono::TimeDelta::seconds(1));
    let answer = server.arm("GET", "/subscriptions", None).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::UNAUTHORIZED, "ExpiredAuthenticationToken")
    );
}

#[tokio::test]
async fn tokens_for_other_resources_do_not_open_this_one() {
    let server = Server::start().await;
    let admin = &server.administrator;
    let token_for = async |resource: &str| {
        let answer = server
            .token_request(&[
                ("grant_type", "client_credentials"),
                ("client_id", &admin.client_id),
                ("client_secret", admin.client_secret.expose()),
                ("scope", &format!("{resource}/.default")),
            ])
            .await;
        answer.json()["access_token"].as_str().unwrap().to_owned()
    };
    for good in [
        "https://localhost:5480",
        "https://localhost:5480/",
        "https://management.azure.com",
        "https://management.core.windows.net/",
    ] {
        let answer = server
            .arm_as(&token_for(good).await, "GET", "/subscriptions", None)
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{good}");
    }
    let other = token_for("https://other.example").await;
    let answer = server.arm_as(&other, "GET", "/subscriptions", None).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (
            StatusCode::UNAUTHORIZED,
            "InvalidAuthenticationTokenAudience"
        )
    );
    // Naming the other resource's host does not help.
    let request = Request::get("/subscriptions?api-version=1")
        .header(header::HOST, "other.example")
        .header(header::AUTHORIZATION, format!("Bearer {other}"))
        .body(Body::empty())
        .unwrap();
    assert_eq!(server.send(request).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nothing_is_half_done_when_a_create_is_refused() {
    let server = Server::start().await;
    server.create("taken1", "Basic", json!({})).await;
    let other = format!("{}/resourceGroups/other", server.subscription());
    server
        .arm("PUT", &other, Some(json!({"location": "eastus"})))
        .await;
    let id = format!("{other}/providers/Microsoft.ContainerRegistry/registries/taken1");
    let body = json!({"location": "eastus", "sku": {"name": "Basic"}, "identity": {"type": "SystemAssigned"}, "properties": {"adminUserEnabled": true}});
    assert_eq!(
        server.arm("PUT", &id, Some(body)).await.status,
        StatusCode::CONFLICT
    );
    assert_eq!(
        server.arm("GET", &id, None).await.status,
        StatusCode::NOT_FOUND
    );
    let credentials = server
        .app
        .meta()
        .count("admin-credential", "")
        .await
        .unwrap();
    let principals = server.app.meta().count("principal", "").await.unwrap();
    assert_eq!((credentials, principals), (1, 1));
}
