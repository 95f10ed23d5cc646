//! Programs with secrets.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use serde_json::json;

use crate::testing::{ENDPOINT, Server};

#[tokio::test]
async fn refusals_have_entras_numbers() {
    let server = Server::start().await;
    let admin = &server.administrator;
    let (id, secret) = (admin.client_id.as_str(), admin.client_secret.expose());
    let grant = ("grant_type", "client_credentials");
    let scope = ("scope", "https://localhost:5480/.default");
    let (client, proof) = (("client_id", id), ("client_secret", secret));
    for (fields, status, error, number) in [
        (vec![], StatusCode::BAD_REQUEST, "invalid_request", 900_144),
        (
            vec![("grant_type", "magic")],
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            70_003,
        ),
        (
            vec![grant, scope],
            StatusCode::BAD_REQUEST,
            "invalid_request",
            900_144,
        ),
        (
            vec![grant, scope, client],
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            7_000_218,
        ),
        (
            vec![grant, scope, client, ("client_secret", "wrong")],
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            7_000_215,
        ),
        (
            vec![
                grant,
                scope,
                ("client_id", "00000000-0000-0000-0000-000000000000"),
                proof,
            ],
            StatusCode::BAD_REQUEST,
            "unauthorized_client",
            700_016,
        ),
        (
            vec![grant, scope, ("client_id", "nonsense"), proof],
            StatusCode::BAD_REQUEST,
            "unauthorized_client",
            700_016,
        ),
        (
            vec![grant, client, proof],
            StatusCode::BAD_REQUEST,
            "invalid_request",
            900_144,
        ),
        (
            vec![grant, client, proof, ("scope", "https://h/read")],
            StatusCode::BAD_REQUEST,
            "invalid_scope",
            1_002_012,
        ),
    ] {
        let answer = server.token_request(&fields).await;
        let body = answer.json();
        assert_eq!(
            (answer.status, body["error"].as_str()),
            (status, Some(error)),
            "{fields:?}"
        );
        assert_eq!(body["error_codes"], json!([number]));
        let text = body["error_description"].as_str().unwrap();
        assert!(text.starts_with(&format!("AADSTS{number}: ")), "{text}");
        assert!(!answer.text.contains(secret));
    }
}

#[tokio::test]
async fn a_secret_may_come_in_the_header() {
    let server = Server::start().await;
    let admin = &server.administrator;
    let basic = STANDARD.encode(format!(
        "{}:{}",
        admin.client_id,
        admin.client_secret.expose()
    ));
    let request = Request::post(format!("/{}/oauth2/v2.0/token", admin.tenant_id))
        .header(header::AUTHORIZATION, format!("Basic {basic}"))
        .body(Body::from(format!(
            "grant_type=client_credentials&scope={ENDPOINT}/.default"
        )))
        .unwrap();
    let answer = server.send(request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let body = answer.json();
    assert_eq!(
        (body["token_type"].as_str(), body["expires_in"].as_i64()),
        (Some("Bearer"), Some(3599))
    );
}

#[tokio::test]
async fn secrets_end() {
    let server = Server::start().await;
    server.advance(TimeDelta::days(365 * 100));
    let admin = &server.administrator;
    let answer = server
        .client_credentials(&admin.client_id, admin.client_secret.expose())
        .await;
    assert_eq!(
        (answer.status, answer.json()["error_codes"].clone()),
        (StatusCode::UNAUTHORIZED, json!([7_000_222]))
    );
}

#[tokio::test]
async fn guessing_is_slowed_down_and_locks_nobody_out() {
    let server = Server::start().await;
    let admin = &server.administrator;
    for _ in 0..10 {
        assert_eq!(
            server
                .client_credentials(&admin.client_id, "guess")
                .await
                .status,
            StatusCode::UNAUTHORIZED
        );
    }
    assert_eq!(
        server
            .client_credentials(&admin.client_id, "guess")
            .await
            .status,
        StatusCode::TOO_MANY_REQUESTS
    );
    let right = server
        .client_credentials(&admin.client_id, admin.client_secret.expose())
        .await;
    assert_eq!(right.status, StatusCode::OK);
    server.advance(TimeDelta::minutes(1));
    assert_eq!(
        server
            .client_credentials(&admin.client_id, "guess")
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn no_secret_is_stored_as_it_is() {
    let server = Server::start().await;
    let documents = server
        .app
        .meta()
        .scan(acr_store::Scan {
            collection: "application",
            prefix: "",
            after: None,
            limit: 10,
        })
        .await
        .unwrap();
    assert_eq!(documents.len(), 1);
    assert!(
        !documents[0]
            .body
            .to_string()
            .contains(server.administrator.client_secret.expose())
    );
}
