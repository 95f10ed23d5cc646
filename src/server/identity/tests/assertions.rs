//! Programs that sign: with a certificate of their own, or by an outside token service.

use axum::{Router, http::StatusCode, routing::get};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    jwk::{Jwk, JwkSet},
};
use serde_json::{Value, json};

use crate::{
    app::TrustedIssuer,
    config::{Config, Layers},
    testing::{Answer, ENDPOINT, Server},
};

struct Signer {
    certificate: Vec<u8>,
    key: EncodingKey,
}

fn signer() -> Signer {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let certificate = rcgen::CertificateParams::new(Vec::new())
        .unwrap()
        .self_signed(&pair)
        .unwrap();
    Signer {
        certificate: certificate.der().to_vec(),
        key: EncodingKey::from_rsa_pem(pair.serialize_pem().as_bytes()).unwrap(),
    }
}

impl Signer {
    fn sign(&self, algorithm: Algorithm, claims: &Value) -> String {
        let mut header = Header::new(algorithm);
        let print = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &self.certificate);
        header.x5t_s256 = Some(URL_SAFE_NO_PAD.encode(print));
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }

    fn jwks(&self) -> JwkSet {
        let mut key = Jwk::from_encoding_key(&self.key, Algorithm::RS256).unwrap();
        key.common.key_id = Some("k".to_owned());
        JwkSet { keys: vec![key] }
    }
}

/// Makes an application; gives its object id and its client id.
async fn application(server: &Server, body: Value) -> (String, String) {
    let made = server.arm("POST", "/v1.0/applications", Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let made = made.json();
    let app_id = made["appId"].as_str().unwrap().to_owned();
    server
        .arm(
            "POST",
            "/v1.0/servicePrincipals",
            Some(json!({"appId": app_id})),
        )
        .await;
    (made["id"].as_str().unwrap().to_owned(), app_id)
}

async fn present(server: &Server, app_id: &str, assertion: &str) -> Answer {
    server
        .token_request(&[
            ("grant_type", "client_credentials"),
            ("client_id", app_id),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
            ("scope", &format!("{ENDPOINT}/.default")),
        ])
        .await
}

#[tokio::test]
async fn a_certificate_stands_for_a_secret() {
    let server = Server::start().await;
    let (own, other) = (signer(), signer());
    let key = json!({"type": "AsymmetricX509Cert", "usage": "Verify", "key": STANDARD.encode(&own.certificate)});
    let (_, app_id) = application(
        &server,
        json!({"displayName": "signer", "keyCredentials": [key]}),
    )
    .await;
    let now = server.app.now().timestamp();
    let audience = format!(
        "{ENDPOINT}/{}/oauth2/v2.0/token",
        server.administrator.tenant_id
    );
    let claims = |audience: &str, end: i64| json!({"iss": app_id, "sub": app_id, "aud": audience, "exp": end, "nbf": now as f64 - 9.5, "jti": "1"});
    for algorithm in [Algorithm::RS256, Algorithm::PS256] {
        let good = present(
            &server,
            &app_id,
            &own.sign(algorithm, &claims(&audience, now + 600)),
        )
        .await;
        assert_eq!(good.status, StatusCode::OK, "{}", good.text);
        let token: Value = jsonwebtoken::dangerous::insecure_decode_claims(
            good.json()["access_token"].as_str().unwrap(),
        )
        .unwrap();
        assert_eq!(token["appidacr"], "2");
    }
    for (assertion, number) in [
        (
            other.sign(Algorithm::RS256, &claims(&audience, now + 600)),
            700_027,
        ),
        (
            own.sign(
                Algorithm::RS256,
                &claims("https://other.example/token", now + 600),
            ),
            700_023,
        ),
        (
            own.sign(Algorithm::RS256, &claims(&audience, now - 600)),
            700_024,
        ),
        ("nonsense".to_owned(), 50_027),
    ] {
        let refused = present(&server, &app_id, &assertion).await;
        assert_eq!(
            (refused.status, refused.json()["error_codes"].clone()),
            (StatusCode::UNAUTHORIZED, json!([number]))
        );
    }
}

/// Registers a subject of an issuer and gives the client id.
async fn federate(server: &Server, issuer: &str) -> String {
    let (id, app_id) = application(server, json!({"displayName": "ci"})).await;
    let credential = json!({"name": "ci", "issuer": issuer, "subject": "repo:me", "audiences": ["api://exchange"]});
    let path = format!("/v1.0/applications/{id}/federatedIdentityCredentials");
    assert_eq!(
        server.arm("POST", &path, Some(credential)).await.status,
        StatusCode::CREATED
    );
    app_id
}

#[tokio::test]
async fn an_outside_token_stands_for_a_secret() {
    let (own, other) = (signer(), signer());
    let issuer = "https://ci.example";
    let pinned = TrustedIssuer {
        issuer: issuer.to_owned(),
        jwks: Some(own.jwks()),
    };
    let server = Server::start_with(|options| options.trusted_issuers = vec![pinned]).await;
    let app_id = federate(&server, issuer).await;
    let end = server.app.now().timestamp() + 600;
    let claims = |issuer: &str, subject: &str, audience: &str| json!({"iss": issuer, "sub": subject, "aud": audience, "exp": end});
    let good = present(
        &server,
        &app_id,
        &own.sign(
            Algorithm::RS256,
            &claims(issuer, "repo:me", "api://exchange"),
        ),
    )
    .await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text);
    for (assertion, number) in [
        (
            own.sign(
                Algorithm::RS256,
                &claims(issuer, "repo:you", "api://exchange"),
            ),
            700_213,
        ),
        (
            own.sign(Algorithm::RS256, &claims(issuer, "repo:me", "api://other")),
            700_213,
        ),
        (
            own.sign(
                Algorithm::RS256,
                &claims("https://other.example", "repo:me", "api://exchange"),
            ),
            700_211,
        ),
        (
            other.sign(
                Algorithm::RS256,
                &claims(issuer, "repo:me", "api://exchange"),
            ),
            500_136,
        ),
    ] {
        let refused = present(&server, &app_id, &assertion).await;
        assert_eq!(
            (refused.status, refused.json()["error_codes"].clone()),
            (StatusCode::UNAUTHORIZED, json!([number]))
        );
    }
}

#[tokio::test]
async fn the_settings_file_says_whom_to_trust() {
    let (own, dir) = (signer(), tempfile::tempdir().unwrap());
    let keys = dir.path().join("keys.json");
    std::fs::write(&keys, json!(own.jwks()).to_string()).unwrap();
    let file = dir.path().join("serve.toml");
    let text = format!(
        "[[trusted_issuers]]\nissuer = \"https://ci.example\"\njwks_file = {:?}\n",
        keys.to_str().unwrap()
    );
    std::fs::write(&file, text).unwrap();
    let config = Config::resolve(&Layers {
        default_data_dir: dir.path().to_owned(),
        ..Layers::default()
    })
    .unwrap();
    let server =
        Server::start_with(|options| options.trusted_issuers = config.trusted_issuers).await;
    let app_id = federate(&server, "https://ci.example").await;
    let claims = json!({"iss": "https://ci.example", "sub": "repo:me", "aud": "api://exchange", "exp": server.app.now().timestamp() + 600});
    let good = present(&server, &app_id, &own.sign(Algorithm::RS256, &claims)).await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text);
}

#[tokio::test]
async fn the_keys_of_an_issuer_are_fetched_where_it_says() {
    let own = signer();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let document = json!({"issuer": issuer, "jwks_uri": format!("{issuer}/keys")});
    let keys = own.jwks();
    let router = Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(async move || axum::Json(document)),
        )
        .route("/keys", get(async move || axum::Json(keys)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let trusted = TrustedIssuer {
        issuer: issuer.clone(),
        jwks: None,
    };
    let server = Server::start_with(|options| options.trusted_issuers = vec![trusted]).await;
    let app_id = federate(&server, &issuer).await;
    let claims = json!({"iss": issuer, "sub": "repo:me", "aud": ["api://exchange"], "exp": server.app.now().timestamp() + 600});
    let good = present(&server, &app_id, &own.sign(Algorithm::RS256, &claims)).await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text);

    let untrusting = Server::start().await;
    let app_id = federate(&untrusting, &issuer).await;
    let refused = present(&untrusting, &app_id, &own.sign(Algorithm::RS256, &claims)).await;
    assert_eq!(refused.json()["error_codes"], json!([50_166]));
}
