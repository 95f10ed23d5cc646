//! The token service from outside: every way to a token, and what is in it.

use std::net::SocketAddr;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use crate::{
    http::Peer,
    testing::{Answer, Server},
};

const HOST: &str = "contoso.localhost:5480";
const TOKEN_USER: &str = "00000000-0000-0000-0000-000000000000";
const FORM: &str = "application/x-www-form-urlencoded";

async fn server(properties: Value) -> Server {
    let server = Server::start().await;
    server.create("contoso", "Premium", properties).await;
    server
}

async fn post_to(server: &Server, host: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = Request::post(path)
        .header(header::HOST, host)
        .header(header::CONTENT_TYPE, FORM)
        .body(Body::from(body))
        .unwrap();
    server.send(request).await
}

async fn post(server: &Server, path: &str, fields: &[(&str, &str)]) -> Answer {
    post_to(server, HOST, path, fields).await
}

async fn get(server: &Server, query: &str, login: Option<(&str, &str)>) -> Answer {
    let mut request = Request::get(format!("/oauth2/token?{query}")).header(header::HOST, HOST);
    if let Some((user, password)) = login {
        let encoded = STANDARD.encode(format!("{user}:{password}"));
        request = request.header(header::AUTHORIZATION, format!("Basic {encoded}"));
    }
    server.send(request.body(Body::empty()).unwrap()).await
}

/// The header or the claims of a token.
fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn text<'a>(body: &'a Value, member: &str) -> &'a str {
    body[member]
        .as_str()
        .unwrap_or_else(|| panic!("no {member}: {body}"))
}

/// A token of the directory for an audience.
async fn directory_token(server: &Server, audience: &str) -> String {
    let answer = server
        .token_request(&[
            ("grant_type", "client_credentials"),
            ("client_id", &server.administrator.client_id),
            ("client_secret", server.administrator.client_secret.expose()),
            ("scope", &format!("{audience}/.default")),
        ])
        .await;
    text(&answer.json(), "access_token").to_owned()
}

async fn exchange(server: &Server, token: &str) -> Answer {
    let fields = [
        ("grant_type", "access_token"),
        ("service", HOST),
        ("tenant", &server.administrator.tenant_id),
        ("access_token", token),
    ];
    post(server, "/oauth2/exchange?api-version=2021-07-01", &fields).await
}

async fn refresh_token(server: &Server) -> String {
    let token = directory_token(server, "https://containerregistry.azure.net").await;
    let answer = exchange(server, &token).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    text(&answer.json(), "refresh_token").to_owned()
}

async fn admin_password(server: &Server) -> String {
    let path = format!("{}/listCredentials", server.registry("contoso"));
    let body = server.arm("POST", &path, None).await.json();
    text(&body["passwords"][0], "value").to_owned()
}

#[tokio::test]
async fn a_refresh_token_says_what_azures_says() {
    let server = server(json!({})).await;
    let token = refresh_token(&server).await;
    let head = part(&token, 0);
    assert_eq!((text(&head, "alg"), text(&head, "typ")), ("RS256", "JWT"));
    let groups: Vec<_> = text(&head, "kid").split(':').map(str::len).collect();
    assert_eq!(groups, [4; 12]);
    assert_eq!(head.as_object().unwrap().len(), 3);
    let claims = part(&token, 1);
    for (member, expected) in [
        ("iss", json!("Azure Container Registry")),
        ("aud", json!(HOST)),
        ("version", json!("1.0")),
        ("grant_type", json!("refresh_token")),
        ("appid", json!(server.administrator.client_id)),
        ("tenant", json!(server.administrator.tenant_id)),
        (
            "permissions",
            json!({"actions": ["read", "write", "delete", "metadata/read", "metadata/write", "deleted/read", "deleted/restore/action"]}),
        ),
        ("roles", json!([])),
    ] {
        assert_eq!(claims[member], expected, "{member}");
    }
    let number = |member: &str| claims[member].as_i64().unwrap();
    assert_eq!(number("exp") - number("iat"), 11_700);
    assert_eq!(number("nbf"), number("iat"));
    assert_eq!(text(&claims, "rid").len(), 32);
    assert_eq!(text(&claims, "jti").len(), 36);
}

#[tokio::test]
async fn an_access_token_grants_what_is_held_of_what_is_asked() {
    let server = server(json!({})).await;
    let refresh = refresh_token(&server).await;
    let asked = "repository:hello/world:pull,push,metadata_write,metadata_read,delete";
    let fields = [
        ("grant_type", "refresh_token"),
        ("service", HOST),
        ("scope", asked),
        ("scope", "registry:catalog:* repository:other:*"),
        (
            "scope",
            "plugin:x:pull repository:Not-A-Name:pull repository:other:frob",
        ),
        ("refresh_token", &refresh),
    ];
    let answer = post(&server, "/oauth2/token", &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let left = &answer.headers["x-ms-ratelimit-remaining-calls-per-second"];
    assert_eq!(left, "166.65");
    assert_eq!(
        answer.headers[header::CONTENT_TYPE],
        "application/json; charset=utf-8"
    );
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 1);
    let claims = part(text(&body, "access_token"), 1);
    assert_eq!(
        claims["access"],
        json!([
            {"type": "repository", "name": "hello/world", "actions": ["pull", "push", "metadata_write", "metadata_read", "delete"]},
            {"type": "registry", "name": "catalog", "actions": ["*"]},
            {"type": "repository", "name": "other", "actions": ["pull", "push", "delete", "metadata_read", "metadata_write", "deleted_read", "deleted_restore"]},
            {"type": "plugin", "name": "x", "actions": []},
            {"type": "repository", "name": "Not-A-Name", "actions": []},
        ])
    );
    let number = |member: &str| claims[member].as_i64().unwrap();
    assert_eq!(number("exp") - number("iat"), 4_500);
    assert_eq!(text(&claims, "grant_type"), "access_token");
}

#[tokio::test]
async fn audiences_follow_the_policy() {
    let server = server(json!({})).await;
    let own = directory_token(&server, "https://containerregistry.azure.net").await;
    let management = directory_token(&server, "https://management.azure.com").await;
    let other = directory_token(&server, "https://vault.azure.net").await;
    let statuses = async || {
        let mut statuses = Vec::new();
        for token in [&own, &management, &other] {
            statuses.push(exchange(&server, token).await.status.as_u16());
        }
        statuses
    };
    assert_eq!(statuses().await, [200, 200, 401]);
    let off = json!({"properties": {"policies": {"azureADAuthenticationAsArmPolicy": {"status": "disabled"}}}});
    let path = server.registry("contoso");
    assert_eq!(
        server.arm("PATCH", &path, Some(off)).await.status,
        StatusCode::OK
    );
    assert_eq!(statuses().await, [200, 401, 401]);
    server.advance(chrono::TimeDelta::hours(2));
    assert_eq!(statuses().await, [401, 401, 401]);
}

#[tokio::test]
async fn docker_comes_with_basic_and_az_with_a_form() {
    let server = server(json!({"adminUserEnabled": true})).await;
    let password = admin_password(&server).await;
    let query = format!(
        "service={HOST}&account=contoso&client_id=docker&offline_token=true&scope=repository%3Aa%3Apull%2Cpush&scope=repository:b:pull"
    );
    let by_query = get(&server, &query, Some(("contoso", &password))).await;
    let fields = [
        ("grant_type", "password"),
        ("service", HOST),
        ("username", "contoso"),
        ("password", &password),
        ("scope", "repository:a:pull,push repository:b:pull"),
    ];
    let by_form = post(&server, "/oauth2/token", &fields).await;
    for answer in [&by_query, &by_form] {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let body = answer.json();
        // A login with a password must not end with a token that was made for it.
        assert!(body.get("refresh_token").is_none());
        assert_eq!(
            part(text(&body, "access_token"), 1)["access"],
            json!([
                {"type": "repository", "name": "a", "actions": ["pull", "push"]},
                {"type": "repository", "name": "b", "actions": ["pull"]},
            ])
        );
    }
    // Without a scope the token is good for `GET /v2/`.
    let bare = get(
        &server,
        &format!("service={HOST}"),
        Some(("contoso", &password)),
    )
    .await;
    assert_eq!(
        part(text(&bare.json(), "access_token"), 1)["access"],
        json!([])
    );
}

#[tokio::test]
async fn a_refresh_token_is_a_password_too() {
    let server = server(json!({})).await;
    let refresh = refresh_token(&server).await;
    let query = format!("service={HOST}&offline_token=true&scope=repository:a:pull");
    let answer = get(&server, &query, Some((TOKEN_USER, &refresh))).await;
    let body = answer.json();
    assert_eq!(text(&body, "refresh_token"), refresh);
    let access = text(&body, "access_token").to_owned();
    server.advance(chrono::TimeDelta::seconds(4000));
    // So is an access token; what it is changed for ends with it, and grants no more than it.
    let query = format!("service={HOST}&offline_token=true&scope=repository:a:pull,push");
    let answer = get(&server, &query, Some((TOKEN_USER, &access))).await;
    let body = answer.json();
    assert!(body.get("refresh_token").is_none(), "{body}");
    let (old, new) = (part(&access, 1), part(text(&body, "access_token"), 1));
    assert_eq!(new["exp"], old["exp"]);
    assert_eq!(new["access"], old["access"]);
}

#[tokio::test]
async fn anonymous_callers_need_the_switch() {
    let server = server(json!({"anonymousPullEnabled": true})).await;
    let scope = "repository:a:pull,push,delete,metadata_read,metadata_write";
    let fields = [
        ("service", HOST),
        ("scope", scope),
        ("scope", "registry:catalog:*"),
        ("grant_type", "password"),
        ("refresh_token", ""),
    ];
    let by_form = post(&server, "/oauth2/token", &fields).await;
    let query = format!("service={HOST}&scope={scope}&scope=registry:catalog:*");
    for answer in [by_form, get(&server, &query, None).await] {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(
            part(text(&answer.json(), "access_token"), 1)["access"],
            json!([
                {"type": "repository", "name": "a", "actions": ["pull", "metadata_read"]},
                {"type": "registry", "name": "catalog", "actions": ["*"]},
            ])
        );
    }
    let path = server.registry("contoso");
    let off = json!({"properties": {"anonymousPullEnabled": false}});
    server.arm("PATCH", &path, Some(off)).await;
    assert_eq!(
        get(&server, &query, None).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn refusals_look_like_a_registrys() {
    let server = server(json!({})).await;
    let wrong = get(&server, "", Some(("contoso", "wrong"))).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        wrong.text,
        "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required, visit https://aka.ms/acr/authorization for more information.\",\"detail\":null}]}\n"
    );
    assert_eq!(
        wrong.headers[header::WWW_AUTHENTICATE],
        format!("Bearer realm=\"https://{HOST}/oauth2/token\",service=\"{HOST}\"")
    );
    let (_, stranger) = server.stranger().await;
    let nobody = exchange(&server, &stranger).await;
    assert_eq!(nobody.status, StatusCode::FORBIDDEN);
    assert_eq!(nobody.json()["errors"][0]["code"], "DENIED");
    for (path, fields) in [
        ("/oauth2/exchange", vec![("grant_type", "access_token")]),
        (
            "/oauth2/exchange",
            vec![("grant_type", "refresh_token"), ("refresh_token", "x")],
        ),
        ("/oauth2/token", vec![("grant_type", "refresh_token")]),
        ("/oauth2/token", vec![("grant_type", "client_credentials")]),
        (
            "/oauth2/token",
            vec![("grant_type", "password"), ("username", "x")],
        ),
        (
            "/oauth2/token",
            vec![("grant_type", "password"), ("scope", "nonsense")],
        ),
        (
            "/oauth2/token",
            vec![
                ("grant_type", "password"),
                ("service", "fabrikam.localhost:5480"),
            ],
        ),
        ("/oauth2/token", vec![("service", "nonsense")]),
    ] {
        let answer = post(&server, path, &fields).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{path} {fields:?}: {}",
            answer.text
        );
        assert!(answer.json()["errors"][0]["code"].is_string());
    }
    let many = "repository:a:pull ".repeat(101);
    let answer = post(
        &server,
        "/oauth2/token",
        &[("grant_type", "password"), ("scope", &many)],
    )
    .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_registry_is_found_by_host_or_on_the_servers_own_host_by_service() {
    let server = server(json!({"adminUserEnabled": true})).await;
    let password = admin_password(&server).await;
    let fields = |service: &'static str| {
        vec![
            ("grant_type", "password"),
            ("service", service),
            ("username", "contoso"),
            ("password", password.as_str()),
        ]
    };
    for (host, service, expected) in [
        (HOST, HOST, StatusCode::OK),
        (
            "CONTOSO.localhost:5480",
            "Contoso.localhost:5480",
            StatusCode::OK,
        ),
        ("contoso.eastus.geo.localhost:5480", HOST, StatusCode::OK),
        ("localhost:5480", HOST, StatusCode::OK),
        ("localhost:5480", "", StatusCode::NOT_FOUND),
        ("fabrikam.localhost:5480", HOST, StatusCode::NOT_FOUND),
        ("127.0.0.1:5480", HOST, StatusCode::OK),
        ("localhost:5480", "nonsense", StatusCode::NOT_FOUND),
        (HOST, "localhost:5480", StatusCode::BAD_REQUEST),
    ] {
        let answer = post_to(&server, host, "/oauth2/token", &fields(service)).await;
        assert_eq!(answer.status, expected, "{host} {service}: {}", answer.text);
    }
}

#[tokio::test]
async fn network_rules_come_before_everything() {
    let rules = json!({"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]});
    let server = server(json!({"anonymousPullEnabled": true, "networkRuleSet": rules})).await;
    for (address, expected) in [
        ("203.0.113.9:1", StatusCode::OK),
        ("127.0.0.1:1", StatusCode::FORBIDDEN),
    ] {
        let mut request = Request::get(format!("/oauth2/token?service={HOST}"))
            .header(header::HOST, HOST)
            .body(Body::empty())
            .unwrap();
        let addr: SocketAddr = address.parse().unwrap();
        request.extensions_mut().insert(Peer {
            addr,
            local: addr,
            is_tls: true,
        });
        let answer = server.send(request).await;
        assert_eq!(answer.status, expected, "{address}: {}", answer.text);
        if expected == StatusCode::FORBIDDEN {
            assert!(answer.headers.get(header::WWW_AUTHENTICATE).is_none());
            assert!(
                answer
                    .text
                    .contains("client with IP '127.0.0.1' is not allowed access")
            );
        }
    }
}
