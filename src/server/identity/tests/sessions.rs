//! People: device codes and refresh tokens.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::testing::{Answer, Server};

const AZ: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const SCOPE: &str = "https://localhost:5480//.default offline_access openid profile";

async fn begin(server: &Server) -> Value {
    let answer = server
        .form(
            "/organizations/oauth2/v2.0/devicecode",
            &[("client_id", AZ), ("scope", SCOPE)],
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

async fn poll(server: &Server, begun: &Value) -> Answer {
    server
        .token_request(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", AZ),
            ("device_code", begun["device_code"].as_str().unwrap()),
        ])
        .await
}

async fn enter(server: &Server, begun: &Value, name: &str, secret: &str) -> StatusCode {
    let code = begun["user_code"].as_str().unwrap().to_lowercase();
    server
        .form(
            "/devicelogin",
            &[("code", &code), ("name", name), ("secret", secret)],
        )
        .await
        .status
}

async fn refresh(server: &Server, token: &Value) -> Answer {
    server
        .token_request(&[
            ("grant_type", "refresh_token"),
            ("client_id", AZ),
            ("scope", SCOPE),
            ("refresh_token", token.as_str().unwrap()),
        ])
        .await
}

/// Signs in as the administrator.
async fn session(server: &Server) -> Value {
    let begun = begin(server).await;
    let secret = server.administrator.client_secret.expose();
    assert_eq!(
        enter(server, &begun, "administrator", secret).await,
        StatusCode::OK
    );
    poll(server, &begun).await.json()
}

#[tokio::test]
async fn whoever_asks_for_codes_cannot_fill_the_database() {
    let server = Server::start().await;
    let ask = async |scope: &str| {
        let fields = [("client_id", AZ), ("scope", scope)];
        let path = "/organizations/oauth2/v2.0/devicecode";
        server.form(path, &fields).await
    };
    let answer = ask(&"x ".repeat(4096)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["error"], "invalid_scope");
    let mut batch = acr_store::Batch::new();
    for number in 0..10_000 {
        batch = batch.insert("device-code", &number.to_string(), &json!({}));
    }
    server.app.meta().commit(batch).await.unwrap();
    let answer = ask(SCOPE).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn a_name_in_other_letters_is_the_same_name() {
    let server = Server::start().await;
    let user = json!({"displayName": "Ada", "userPrincipalName": "ada@local", "passwordProfile": {"password": "correct horse"}});
    server.arm("POST", "/v1.0/users", Some(user)).await;
    let begun = begin(&server).await;
    for number in 0..10 {
        let name = if number % 2 == 0 {
            "ada@local"
        } else {
            "ADA@local"
        };
        enter(&server, &begun, name, "wrong horse").await;
    }
    let refused = enter(&server, &begun, "Ada@local", "correct horse").await;
    assert_eq!(refused, StatusCode::BAD_REQUEST);
    server.advance(TimeDelta::minutes(1));
    let allowed = enter(&server, &begun, "Ada@local", "correct horse").await;
    assert_eq!(allowed, StatusCode::OK);
}

#[tokio::test]
async fn a_person_signs_in_elsewhere() {
    let server = Server::start().await;
    let user = json!({"displayName": "Ada", "userPrincipalName": "ada@local", "passwordProfile": {"password": "correct horse"}});
    let user = server.arm("POST", "/v1.0/users", Some(user)).await.json();
    let begun = begin(&server).await;
    let pending = poll(&server, &begun).await;
    assert_eq!(
        (pending.status, pending.json()["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("authorization_pending"))
    );
    assert_eq!(
        enter(&server, &begun, "ada@local", "wrong horse").await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        enter(
            &server,
            &json!({"user_code": "XXXXXXXXX"}),
            "ada@local",
            "correct horse"
        )
        .await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        enter(&server, &begun, "Ada@local", "correct horse").await,
        StatusCode::OK
    );
    let granted = poll(&server, &begun).await.json();
    let id: Value =
        jsonwebtoken::dangerous::insecure_decode_claims(granted["id_token"].as_str().unwrap())
            .unwrap();
    assert_eq!(
        (id["aud"].as_str(), id["preferred_username"].as_str()),
        (Some(AZ), Some("ada@local"))
    );
    assert_eq!(id["oid"], user["id"]);
    assert!(
        granted["scope"]
            .as_str()
            .unwrap()
            .contains("https://localhost:5480//.default")
    );
    let access: Value =
        jsonwebtoken::dangerous::insecure_decode_claims(granted["access_token"].as_str().unwrap())
            .unwrap();
    assert_eq!(
        (access["scp"].as_str(), access["idtyp"].as_str()),
        (Some("user_impersonation"), Some("user"))
    );
    let again = poll(&server, &begun).await;
    assert_eq!(again.json()["error"], "expired_token");
    // Nobody assigned a role to Ada.
    let list = server
        .arm_as(
            granted["access_token"].as_str().unwrap(),
            "GET",
            "/subscriptions",
            None,
        )
        .await;
    assert_eq!(
        (list.status, list.json()["value"].clone()),
        (StatusCode::OK, json!([]))
    );
}

#[tokio::test]
async fn codes_end_after_a_quarter_of_an_hour() {
    let server = Server::start().await;
    let begun = begin(&server).await;
    server.advance(TimeDelta::minutes(15));
    assert_eq!(poll(&server, &begun).await.json()["error"], "expired_token");
    let secret = server.administrator.client_secret.expose();
    assert_eq!(
        enter(&server, &begun, "administrator", secret).await,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_session_goes_on_and_a_stolen_token_ends_it() {
    let server = Server::start().await;
    let first = session(&server).await;
    let second = refresh(&server, &first["refresh_token"]).await.json();
    assert_eq!(
        server
            .arm_as(
                second["access_token"].as_str().unwrap(),
                "GET",
                "/subscriptions",
                None
            )
            .await
            .status,
        StatusCode::OK
    );
    // Two commands at once.
    assert_eq!(
        refresh(&server, &first["refresh_token"]).await.status,
        StatusCode::OK
    );
    server.advance(TimeDelta::minutes(3));
    let stolen = refresh(&server, &first["refresh_token"]).await;
    assert_eq!(
        (stolen.status, stolen.json()["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("invalid_grant"))
    );
    assert_eq!(
        refresh(&server, &second["refresh_token"]).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn refresh_tokens_end() {
    let server = Server::start().await;
    let first = session(&server).await;
    server.advance(TimeDelta::days(90));
    assert_eq!(
        refresh(&server, &first["refresh_token"]).await.json()["error_codes"],
        json!([70_043])
    );
    assert_eq!(
        refresh(&server, &json!("nonsense")).await.json()["error_codes"],
        json!([70_000])
    );
}

#[tokio::test]
async fn the_page_shows_a_form_and_runs_nothing() {
    let server = Server::start().await;
    let request = axum::http::Request::get("/devicelogin")
        .body(axum::body::Body::empty())
        .unwrap();
    let page = server.send(request).await;
    assert!(page.text.contains("<form method=\"post\"") && !page.text.contains("<script"));
    assert!(
        page.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("default-src 'none'")
    );
}
