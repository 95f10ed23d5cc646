//! What the token service says of itself.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde_json::{Value, json};

use crate::testing::{ENDPOINT, Server};

async fn get(server: &Server, path: &str) -> crate::testing::Answer {
    server
        .send(Request::get(path).body(Body::empty()).unwrap())
        .await
}

#[tokio::test]
async fn the_cloud_describes_itself_at_any_api_version() {
    let server = Server::start().await;
    for query in ["", "?api-version=2022-09-01", "?api-version=2015-01-01"] {
        let cloud = get(&server, &format!("/metadata/endpoints{query}"))
            .await
            .json();
        assert_eq!(cloud["resourceManager"], "https://localhost:5480/");
        assert_eq!(cloud["authentication"]["loginEndpoint"], ENDPOINT);
        assert_eq!(cloud["suffixes"]["acrLoginServer"], "localhost:5480");
        assert!(cloud["suffixes"]["sqlServerHostname"].is_string());
    }
}

#[tokio::test]
async fn links_lead_where_the_client_came_from() {
    let server = Server::start().await;
    let request = Request::get("/common/v2.0/.well-known/openid-configuration")
        .header(header::HOST, "127.0.0.1:9")
        .body(Body::empty())
        .unwrap();
    let document = server.send(request).await.json();
    let tenant = &server.administrator.tenant_id;
    assert_eq!(
        document["issuer"],
        format!("https://127.0.0.1:9/{tenant}/v2.0")
    );
    assert_eq!(
        document["token_endpoint"],
        "https://127.0.0.1:9/common/oauth2/v2.0/token"
    );
    let unknown = get(
        &server,
        "/00000000-0000-0000-0000-000000000000/v2.0/.well-known/openid-configuration",
    )
    .await;
    assert_eq!(
        (unknown.status, unknown.json()["error_codes"].clone()),
        (StatusCode::BAD_REQUEST, json!([90_002]))
    );
}

#[tokio::test]
async fn tokens_are_signed_by_the_published_key_and_say_what_entras_say() {
    let server = Server::start().await;
    let path = format!("/{}/discovery/v2.0/keys", server.administrator.tenant_id);
    let keys: JwkSet = serde_json::from_value(get(&server, &path).await.json()).unwrap();
    let header = jsonwebtoken::decode_header(&server.token).unwrap();
    let key = keys.find(header.kid.as_deref().unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.set_audience(&["https://localhost:5480/"]);
    let data = jsonwebtoken::decode::<Value>(
        &server.token,
        &DecodingKey::from_jwk(key).unwrap(),
        &validation,
    )
    .unwrap();
    let claims = data.claims;
    let tenancy = server.app.tenancy();
    for (name, expected) in [
        ("iss", format!("{ENDPOINT}/{}/v2.0", tenancy.tenant_id)),
        ("appid", tenancy.administrator_app_id.clone()),
        ("oid", tenancy.administrator_object_id.clone()),
        ("sub", tenancy.administrator_object_id.clone()),
        ("tid", tenancy.tenant_id.clone()),
        ("idtyp", "app".to_owned()),
        ("appidacr", "1".to_owned()),
        ("ver", "1.0".to_owned()),
    ] {
        assert_eq!(claims[name], expected, "{name}");
    }
    let (issued, ends) = (
        claims["iat"].as_i64().unwrap(),
        claims["exp"].as_i64().unwrap(),
    );
    assert_eq!(ends - issued, 3599);
    assert_eq!(claims["nbf"], claims["iat"]);
    assert!(claims.get("scp").is_none());
}

#[tokio::test]
async fn a_restarted_server_keeps_its_key() {
    let server = Server::start().await;
    let (app, _) = server.open_again(|_| {}).await;
    let again = server.with_app(app);
    assert_eq!(
        again.arm("GET", "/subscriptions", None).await.status,
        StatusCode::OK
    );
}
