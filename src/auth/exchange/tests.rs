//! The three hops against a token service that answers as Azure's does, or does not.

use super::*;
use crate::chain::{Chain, ServicePrincipal};
use crate::cloud::Cloud;
use crate::testing::{Asked, Home, NOW, Said, Service, jwt, now};
use acr_api::auth::Scope;
use acr_http::Secret;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use url::Url;

const AUDIENCE: &str = "https://containerregistry.azure.net";
const FIREWALL: &str = "client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";

fn scopes(text: &str) -> Vec<Scope> {
    Scope::parse_list(text).unwrap()
}

fn least() -> TimeDelta {
    TimeDelta::hours(1)
}

fn said(status: u16, body: Value) -> Said {
    (status, Vec::new(), body)
}

fn refusal(status: u16, code: &str, message: &str) -> Said {
    let body = json!({"errors": [{"code": code, "message": message, "detail": null}]});
    (
        status,
        vec![("x-ms-correlation-request-id", "c-42".to_owned())],
        body,
    )
}

fn challenge(value: String) -> Said {
    let (status, _, body) = refusal(401, "UNAUTHORIZED", "authentication required");
    (status, vec![("www-authenticate", value)], body)
}

fn bearer(asked: &Asked) -> Said {
    let host = &asked.headers["host"];
    challenge(format!(
        r#"Bearer realm="http://{host}/oauth2/token",service="contoso.azurecr.io""#
    ))
}

/// Answers every hop well. `exp` of the refresh token is 3 hours away.
fn azure(asked: &Asked) -> Said {
    match asked.path.as_str() {
        "/v2/" => bearer(asked),
        "/t-1/oauth2/v2.0/token" => {
            let claims = json!({"tid": "t-1", "oid": "o-1", "appid": "app", "exp": NOW + 3600});
            said(
                200,
                json!({"access_token": jwt(claims), "expires_in": 3600}),
            )
        }
        "/oauth2/exchange" => said(
            200,
            json!({"refresh_token": jwt(json!({"exp": NOW + 11_700}))}),
        ),
        path => panic!("{path} was asked for"),
    }
}

fn known() -> KnownHosts {
    KnownHosts::of_clouds([]).and(|host| host.starts_with("127.0.0.1:"))
}

fn chain(home: &Home, service: &Service) -> Arc<Chain> {
    let mut cloud = Cloud::public();
    cloud.active_directory = service.url.clone();
    let settings = crate::chain::Settings {
        cloud,
        explicit: Some(ServicePrincipal {
            tenant_id: "t-1".to_owned(),
            client_id: "app".to_owned(),
            secret: Secret::new("app-secret"),
        }),
        subscription: None,
        clock: now,
    };
    Arc::new(Chain::new(home.environment(&[]), http(), settings))
}

fn http() -> acr_http::Client {
    acr_http::Client::new(acr_http::Settings::default())
}

fn open(home: &Home, service: &Service) -> Registry {
    open_known(home, service, known())
}

fn open_known(home: &Home, service: &Service, known: KnownHosts) -> Registry {
    let settings = Settings {
        server: LoginServer::parse(&service.url).unwrap(),
        chain: chain(home, service),
        audience: AUDIENCE.to_owned(),
        known,
        clock: now,
    };
    Registry::new(&home.environment(&[]), http(), settings)
}

fn paths(service: &Service) -> Vec<String> {
    service
        .asked()
        .into_iter()
        .map(|asked| asked.path)
        .collect()
}

fn count(service: &Service, path: &str) -> usize {
    paths(service).iter().filter(|asked| *asked == path).count()
}

#[tokio::test]
async fn an_azure_token_becomes_a_refresh_token() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = open(&home, &service);
    let refresh = registry.refresh_token(least()).await.unwrap();
    assert_eq!(refresh.expires_at.timestamp(), NOW + 11_700);
    let asked = service.asked();
    let form = &asked.last().unwrap().form;
    let fields: BTreeSet<&str> = form.keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        BTreeSet::from(["access_token", "grant_type", "service", "tenant"])
    );
    assert_eq!(form["grant_type"], "access_token");
    assert_eq!(form["service"], "contoso.azurecr.io");
    assert_eq!(form["tenant"], "t-1");
    let entra = asked.iter().find(|asked| asked.path.starts_with("/t-1/"));
    let scope = &entra.unwrap().form["scope"];
    assert_eq!(*scope, format!("{AUDIENCE}/.default"));

    assert_eq!(count(&service, "/v2/"), 1);
    assert_eq!(count(&service, "/oauth2/exchange"), 1);
}

/// An access token that opens `opened`, for 75 minutes.
fn access(opened: &str) -> RegistryToken {
    let claims = json!({"exp": NOW + 4500, "access": scopes(opened)});
    RegistryToken::new(jwt(claims), None, now())
}

#[tokio::test]
async fn tokens_are_kept_for_whoever_comes_after() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = open(&home, &service);
    registry.refresh_token(least()).await.unwrap();
    let (both, reversed) = (
        "repository:a:pull repository:b:pull",
        "repository:b:pull repository:a:pull",
    );
    assert!(registry.kept(&scopes(both)).await.is_none());
    let token = access(both);
    registry.keep(&scopes(both), token.clone()).await;
    let asked = service.asked().len();
    let other_process = open(&home, &service);
    let kept = other_process.kept(&scopes(reversed)).await.unwrap();
    assert_eq!(kept.secret.expose(), token.secret.expose());
    assert_eq!(kept.expires_at, token.expires_at);
    let less = scopes("repository:a:pull");
    assert!(other_process.kept(&less).await.is_none());
    other_process.refresh_token(least()).await.unwrap();
    assert_eq!(service.asked().len(), asked, "{:?}", paths(&service));
}

#[tokio::test]
async fn a_token_that_opens_too_little_is_not_kept() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = open(&home, &service);
    let wanted = scopes("repository:a:pull,push");
    registry.keep(&wanted, access("repository:a:pull")).await;
    assert!(registry.kept(&wanted).await.is_none());
}

#[tokio::test]
async fn a_refresh_token_near_its_end_is_renewed_for_those_who_need_it_long() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = open(&home, &service);
    registry.refresh_token(least()).await.unwrap();
    registry
        .refresh_token(TimeDelta::seconds(11_700))
        .await
        .unwrap();
    assert_eq!(count(&service, "/oauth2/exchange"), 1);
    registry
        .refresh_token(TimeDelta::seconds(11_701))
        .await
        .unwrap();
    assert_eq!(count(&service, "/oauth2/exchange"), 2);
}

#[tokio::test]
async fn a_token_of_unknown_end_is_used_once() {
    let home = Home::new();
    let service = Service::start(|asked| match asked.path.as_str() {
        "/oauth2/exchange" => said(200, json!({"refresh_token": "opaque"})),
        _ => azure(asked),
    })
    .await;
    let registry = open(&home, &service);
    registry.refresh_token(least()).await.unwrap();
    registry.refresh_token(TimeDelta::zero()).await.unwrap();
    assert_eq!(count(&service, "/oauth2/exchange"), 2);
}

#[tokio::test]
async fn a_doubtful_store_is_not_asked_and_doubts_help_but_once() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = open(&home, &service);
    registry.refresh_token(least()).await.unwrap();
    assert!(!registry.doubt().await, "it came from the registry itself");

    let later = open(&home, &service);
    let wanted = scopes("repository:a:pull");
    later.keep(&wanted, access("repository:a:pull")).await;
    later.refresh_token(least()).await.unwrap();
    assert_eq!(count(&service, "/oauth2/exchange"), 1);
    assert!(later.doubt().await);
    assert!(later.kept(&wanted).await.is_none());
    later.refresh_token(least()).await.unwrap();
    assert!(!later.doubt().await);
    later.refresh_token(least()).await.unwrap();
    assert_eq!(count(&service, "/oauth2/exchange"), 2);
}

#[tokio::test]
async fn a_registry_that_wants_passwords_gets_no_azure_token() {
    let home = Home::new();
    let service = Service::start(|asked| match asked.path.as_str() {
        "/v2/" => challenge(r#"Basic realm="stack""#.to_owned()),
        _ => azure(asked),
    })
    .await;
    let error = open(&home, &service)
        .refresh_token(least())
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("CONNECTIVITY_AAD_LOGIN_ERROR"));
    assert_eq!(count(&service, "/oauth2/exchange"), 0);
}

/// The error at the first hop that answers as given.
async fn failing(path: &'static str, answer: Said) -> Error {
    let home = Home::new();
    let service = Service::start(move |asked| match asked.path == path {
        true => answer.clone(),
        false => azure(asked),
    })
    .await;
    let result = open(&home, &service).refresh_token(least()).await;
    result.unwrap_err()
}

#[tokio::test]
async fn every_hop_names_itself_under_az_s_code() {
    let cases = [
        (
            "/v2/",
            refusal(403, "DENIED", FIREWALL),
            "FORBIDDEN",
            "203.0.113.7",
        ),
        ("/v2/", said(200, json!({})), "CHALLENGE", "status 200"),
        ("/v2/", said(401, json!({})), "CHALLENGE", "status 401"),
        ("/v2/", said(302, json!({})), "CHALLENGE", "status 302"),
        (
            "/v2/",
            challenge("Negotiate".to_owned()),
            "WWW_AUTHENTICATE",
            "neither",
        ),
        (
            "/v2/",
            challenge("Bearer service=\"x\"".to_owned()),
            "WWW_AUTHENTICATE",
            "realm",
        ),
        (
            "/v2/",
            challenge("Bearer realm=\"http://x/\"".to_owned()),
            "WWW_AUTHENTICATE",
            "service",
        ),
        (
            "/v2/",
            challenge("Bearer realm=\"https://evil.example/t\",service=\"x\"".to_owned()),
            "WWW_AUTHENTICATE",
            "evil.example",
        ),
        (
            "/oauth2/exchange",
            refusal(401, "UNAUTHORIZED", "no"),
            "REFRESH_TOKEN",
            "tenant t-1",
        ),
        (
            "/oauth2/exchange",
            refusal(403, "FORBIDDEN", "no role"),
            "REFRESH_TOKEN",
            "o-1",
        ),
        (
            "/oauth2/exchange",
            refusal(403, "DENIED", "the identity has no role"),
            "REFRESH_TOKEN",
            "no role",
        ),
        (
            "/oauth2/exchange",
            refusal(403, "DENIED", FIREWALL),
            "FORBIDDEN",
            "203.0.113.7",
        ),
        (
            "/oauth2/exchange",
            refusal(429, "TOOMANYREQUESTS", "slow"),
            "TOOMANYREQUESTS",
            "slow",
        ),
        (
            "/oauth2/exchange",
            said(200, json!({"refresh_token": ""})),
            "REFRESH_TOKEN",
            "no token",
        ),
        (
            "/oauth2/exchange",
            said(200, json!("hunter2")),
            "REFRESH_TOKEN",
            "no token answer",
        ),
    ];
    for (path, answer, code, words) in cases {
        let error = failing(path, answer).await;
        let text = error.to_string();
        let code = format!("CONNECTIVITY_{code}_ERROR");
        assert_eq!(error.code(), Some(code.as_str()), "{path}: {text}");
        assert!(text.contains(words), "{words}: {text}");
        assert!(
            !text.contains("hunter2") && !text.contains("app-secret"),
            "{text}"
        );
        assert!(error.hint().is_some(), "{text}");
    }
}

#[tokio::test]
async fn a_refusal_carries_its_correlation_id() {
    let error = failing("/oauth2/exchange", refusal(403, "FORBIDDEN", "no role")).await;
    assert_eq!(error.correlation_id(), Some("c-42"));
    assert!(error.to_string().contains("c-42"), "{error}");
}

#[tokio::test]
async fn being_asked_too_often_is_no_reason_to_ask_again() {
    let home = Home::new();
    let service = Service::start(|asked| match asked.path.as_str() {
        "/oauth2/exchange" => refusal(429, "TOOMANYREQUESTS", "slow down"),
        _ => azure(asked),
    })
    .await;
    let registry = open(&home, &service);
    registry.refresh_token(least()).await.unwrap_err();
    assert_eq!(count(&service, "/oauth2/exchange"), 1);
}

#[tokio::test]
async fn a_huge_answer_is_refused() {
    let huge = said(200, json!({"refresh_token": "hunter2".repeat(300_000)}));
    let error = failing("/oauth2/exchange", huge).await.to_string();
    assert!(
        error.contains("larger than") && error.len() < 500,
        "{error}"
    );
    let wordy = refusal(403, "FORBIDDEN", &"x".repeat(100_000));
    assert!(failing("/oauth2/exchange", wordy).await.to_string().len() < 3000);
}

#[tokio::test]
async fn an_azure_token_goes_to_no_unknown_host() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = open_known(&home, &service, KnownHosts::of_clouds(&Cloud::built_in()));
    let error = registry.refresh_token(least()).await.unwrap_err();
    assert!(matches!(error, Error::Foreign { .. }), "{error}");
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn a_host_that_is_not_there_or_speaks_no_tls_is_told_apart() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let ask = |server: LoginServer| {
        let settings = Settings {
            server,
            chain: chain(&home, &service),
            audience: AUDIENCE.to_owned(),
            known: KnownHosts::of_clouds([]).and(|_| true),
            clock: now,
        };
        let registry = Registry::new(&home.environment(&[]), http(), settings);
        async move { registry.refresh_token(least()).await.unwrap_err() }
    };
    let parse = |text: &str| LoginServer::parse(text).unwrap();
    let plain = service.url.replace("http://", "https://");
    assert_eq!(
        ask(parse(&plain)).await.code(),
        Some("CONNECTIVITY_SSL_ERROR")
    );
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    assert_eq!(
        ask(parse(&closed)).await.code(),
        Some("CONNECTIVITY_CHALLENGE_ERROR")
    );
    // The resolver refuses a label of more than 63 characters by itself, and so does TLS.
    let nameless = format!("{}.azurecr.io", "x".repeat(64));
    let plain = Url::parse(&format!("http://{nameless}")).unwrap();
    for server in [
        LoginServer::parse(&nameless),
        Ok(LoginServer::of(&plain).unwrap()),
    ] {
        let error = ask(server.unwrap()).await;
        assert_eq!(error.code(), Some("CONNECTIVITY_DNS_ERROR"), "{error}");
    }
}

#[tokio::test]
async fn a_host_that_takes_a_connection_and_never_answers_is_given_up() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("http://{}", silent.local_addr().unwrap())).unwrap();
    let settings = Settings {
        server: LoginServer::of(&url).unwrap(),
        chain: chain(&home, &service),
        audience: AUDIENCE.to_owned(),
        known: known(),
        clock: now,
    };
    let impatient = acr_http::Client::new(acr_http::Settings {
        read_timeout: std::time::Duration::from_millis(20),
        ..acr_http::Settings::default()
    });
    let registry = Registry::new(&home.environment(&[]), impatient, settings);
    let error = registry.refresh_token(least()).await.unwrap_err();
    assert_eq!(error.code(), Some("CONNECTIVITY_CHALLENGE_ERROR"));
    let told = error.to_string();
    assert!(
        told.contains("did not answer") && told.contains("timed out"),
        "{told}"
    );
    assert!(error.hint().is_some_and(|hint| hint.contains("network")));
}

#[tokio::test]
async fn callers_at_the_same_time_share_one_request() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = Arc::new(open(&home, &service));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let registry = Arc::clone(&registry);
        tasks.spawn(async move { registry.refresh_token(least()).await });
    }
    for given in tasks.join_all().await {
        given.unwrap();
    }
    assert_eq!(count(&service, "/oauth2/exchange"), 1);
    assert!(!format!("{registry:?}").contains("app-secret"));
}
