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
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// What the scope parameter of a request asks for, as the `access` claim.
fn granted(asked: &Asked, keep: &[&str]) -> Value {
    let scope = asked.form.get("scope").cloned().unwrap_or_default();
    let mut granted = scopes(&scope);
    for scope in &mut granted {
        scope
            .actions
            .retain(|action| keep.contains(&action.as_str()));
    }
    json!(granted)
}

/// Answers every hop well. `exp` of the refresh token is 3 hours away and of the access token 75 minutes.
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
        "/oauth2/token" => {
            let all = ["pull", "push", "delete", "*"];
            let claims = json!({"exp": NOW + 4500, "access": granted(asked, &all)});
            said(200, json!({"access_token": jwt(claims)}))
        }
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

fn open(home: &Home, service: &Service, identity: Identity) -> Registry {
    let settings = Settings {
        server: LoginServer::parse(&service.url).unwrap(),
        identity,
        known: known(),
        clock: now,
    };
    Registry::new(&home.environment(&[]), http(), settings)
}

fn open_azure(home: &Home, service: &Service) -> Registry {
    let identity = Identity::Azure {
        chain: chain(home, service),
        audience: AUDIENCE.to_owned(),
    };
    open(home, service, identity)
}

fn password(username: &str) -> Identity {
    Identity::Password {
        username: username.to_owned(),
        password: Secret::new("hunter2"),
    }
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

fn last_form(service: &Service) -> Vec<(String, String)> {
    service.asked().pop().unwrap().form.into_iter().collect()
}

#[track_caller]
fn bearer_of(authorization: &Authorization) -> &RegistryToken {
    match authorization {
        Authorization::Bearer(token) => token,
        Authorization::Basic { .. } => panic!("a password"),
    }
}

#[tokio::test]
async fn an_azure_token_becomes_a_refresh_token_and_that_an_access_token() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = open_azure(&home, &service);
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

    let access = registry
        .authorization(&scopes("repository:a:pull,push"))
        .await;
    let access = access.unwrap();
    assert_eq!(bearer_of(&access).expires_at.timestamp(), NOW + 4500);
    let expected = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.secret.expose()),
        ("scope", "repository:a:pull,push"),
        ("service", "contoso.azurecr.io"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(last_form(&service), expected);
    assert_eq!(count(&service, "/v2/"), 1);
    assert_eq!(count(&service, "/oauth2/exchange"), 1);
}

#[tokio::test]
async fn tokens_are_kept_in_memory_and_in_the_store() {
    let home = Home::new();
    let service = Service::start(|asked| match asked.path.as_str() {
        "/oauth2/token" => said(200, json!({"token": jwt(json!({"exp": NOW + 4500}))})),
        _ => azure(asked),
    })
    .await;
    let registry = open_azure(&home, &service);
    let pull = scopes("repository:a:pull repository:b:pull");
    let first = registry.authorization(&pull).await.unwrap();
    let asked = service.asked().len();
    let reversed = scopes("repository:b:pull repository:a:pull");
    registry.authorization(&reversed).await.unwrap();
    let other_process = open_azure(&home, &service);
    let second = other_process.authorization(&pull).await.unwrap();
    assert_eq!(
        bearer_of(&first).secret.expose(),
        bearer_of(&second).secret.expose()
    );
    other_process.refresh_token(least()).await.unwrap();
    assert_eq!(service.asked().len(), asked, "{:?}", paths(&service));
    other_process
        .authorization(&scopes("repository:a:push"))
        .await
        .unwrap();
    assert_eq!(count(&service, "/oauth2/exchange"), 1);
    assert_eq!(count(&service, "/oauth2/token"), 2);
}

#[tokio::test]
async fn a_refresh_token_near_its_end_is_renewed_for_those_who_need_it_long() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = open_azure(&home, &service);
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
    let registry = open_azure(&home, &service);
    registry.refresh_token(least()).await.unwrap();
    registry.refresh_token(TimeDelta::zero()).await.unwrap();
    assert_eq!(count(&service, "/oauth2/exchange"), 2);
}

#[tokio::test]
async fn rights_granted_since_the_last_exchange_are_found() {
    let home = Home::new();
    let exchanges = Arc::new(AtomicUsize::new(0));
    let service = Service::start(move |asked| match asked.path.as_str() {
        "/oauth2/exchange" => {
            exchanges.fetch_add(1, Ordering::SeqCst);
            azure(asked)
        }
        "/oauth2/token" => {
            let keep: &[&str] = match exchanges.load(Ordering::SeqCst) {
                1 => &["pull"],
                _ => &["pull", "push"],
            };
            let claims = json!({"exp": NOW + 4500, "access": granted(asked, keep)});
            said(200, json!({"access_token": jwt(claims)}))
        }
        _ => azure(asked),
    })
    .await;
    let wanted = scopes("repository:a:pull,push");
    // The first exchange is fresh, so that what it lacks is lacking.
    let first = open_azure(&home, &service)
        .authorization(&wanted)
        .await
        .unwrap();
    assert!(!bearer_of(&first).opens(&wanted));
    assert_eq!(count(&service, "/oauth2/exchange"), 1);
    let second = open_azure(&home, &service)
        .authorization(&wanted)
        .await
        .unwrap();
    assert!(bearer_of(&second).opens(&wanted));
    assert_eq!(count(&service, "/oauth2/exchange"), 2);
}

#[tokio::test]
async fn a_stored_refresh_token_that_is_refused_is_replaced_once() {
    let home = Home::new();
    let tokens = Arc::new(AtomicUsize::new(0));
    let service = Service::start(move |asked| match asked.path.as_str() {
        "/oauth2/token" if tokens.fetch_add(1, Ordering::SeqCst) == 0 => {
            refusal(401, "UNAUTHORIZED", "the token was revoked")
        }
        _ => azure(asked),
    })
    .await;
    open_azure(&home, &service)
        .refresh_token(least())
        .await
        .unwrap();
    let pull = scopes("repository:a:pull");
    open_azure(&home, &service)
        .authorization(&pull)
        .await
        .unwrap();
    assert_eq!(count(&service, "/oauth2/exchange"), 2);
    assert_eq!(count(&service, "/oauth2/token"), 2);
}

#[tokio::test]
async fn forgetting_fetches_everything_anew() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = open_azure(&home, &service);
    let pull = scopes("repository:a:pull");
    registry.authorization(&pull).await.unwrap();
    registry.forget().await;
    registry.authorization(&pull).await.unwrap();
    for path in ["/v2/", "/oauth2/exchange", "/oauth2/token"] {
        assert_eq!(count(&service, path), 2, "{path}");
    }
}

#[tokio::test]
async fn a_password_becomes_an_access_token_without_an_exchange() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = open(&home, &service, password("token-1"));
    let catalog = scopes("registry:catalog:*");
    registry.authorization(&catalog).await.unwrap();
    let form: Vec<_> = last_form(&service);
    let expected = [
        ("grant_type", "password"),
        ("password", "hunter2"),
        ("scope", "registry:catalog:*"),
        ("service", "contoso.azurecr.io"),
        ("username", "token-1"),
    ];
    assert_eq!(form, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    assert_eq!(paths(&service), ["/v2/", "/oauth2/token"]);
    let error = registry.refresh_token(least()).await.unwrap_err();
    assert!(matches!(error, Error::NotAzure { .. }), "{error}");
    // Another password must not profit from the token of this one.
    let other = Identity::Password {
        username: "token-1".to_owned(),
        password: Secret::new("wrong"),
    };
    open(&home, &service, other)
        .authorization(&catalog)
        .await
        .unwrap();
    assert_eq!(count(&service, "/oauth2/token"), 2);
}

#[tokio::test]
async fn a_refresh_token_as_password_and_nobody_at_all_are_granted_as_what_they_are() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let pull = scopes("repository:a:pull");
    let token = open(&home, &service, password(TOKEN_USERNAME));
    token.authorization(&pull).await.unwrap();
    let form = &service.asked().pop().unwrap().form;
    assert_eq!(form["refresh_token"], "hunter2");
    assert!(!form.contains_key("password") && !form.contains_key("username"));
    let nobody = open(&home, &service, Identity::Anonymous);
    nobody.authorization(&pull).await.unwrap();
    let form = &service.asked().pop().unwrap().form;
    assert_eq!(form["grant_type"], "password");
    assert_eq!(form.len(), 3, "{form:?}");
}

#[tokio::test]
async fn a_registry_that_wants_passwords_gets_one_and_no_azure_token() {
    let home = Home::new();
    let service = Service::start(|asked| match asked.path.as_str() {
        "/v2/" => challenge(r#"Basic realm="stack""#.to_owned()),
        _ => azure(asked),
    })
    .await;
    let given = open(&home, &service, password("me"))
        .authorization(&[])
        .await
        .unwrap();
    assert_eq!(given.header().expose(), "Basic bWU6aHVudGVyMg==");
    let error = open_azure(&home, &service)
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
    let pull = scopes("repository:a:pull");
    open_azure(&home, &service)
        .authorization(&pull)
        .await
        .unwrap_err()
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
            said(200, json!(["hunter2"])),
            "REFRESH_TOKEN",
            "no token answer",
        ),
        (
            "/oauth2/token",
            refusal(400, "BAD", "no scope"),
            "ACCESS_TOKEN",
            "no scope",
        ),
        (
            "/oauth2/token",
            said(502, json!("<html>")),
            "ACCESS_TOKEN",
            "status 502",
        ),
        (
            "/oauth2/token",
            said(200, json!({"access_token": 5})),
            "ACCESS_TOKEN",
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
    let registry = open_azure(&home, &service);
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
    let settings = Settings {
        server: LoginServer::parse(&service.url).unwrap(),
        identity: Identity::Azure {
            chain: chain(&home, &service),
            audience: AUDIENCE.to_owned(),
        },
        known: KnownHosts::of_clouds(&Cloud::built_in()),
        clock: now,
    };
    let registry = Registry::new(&home.environment(&[]), http(), settings);
    let error = registry.refresh_token(least()).await.unwrap_err();
    assert!(matches!(error, Error::Foreign { .. }), "{error}");
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn a_host_that_is_not_there_or_speaks_no_tls_is_told_apart() {
    let home = Home::new();
    let ask = |server: LoginServer| {
        let settings = Settings {
            server,
            identity: Identity::Anonymous,
            known: known(),
            clock: now,
        };
        let registry = Registry::new(&home.environment(&[]), http(), settings);
        async move { registry.authorization(&[]).await.unwrap_err() }
    };
    let parse = |text: &str| LoginServer::parse(text).unwrap();
    let service = Service::start(azure).await;
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
async fn callers_at_the_same_time_share_one_request() {
    let home = Home::new();
    let service = Service::start(azure).await;
    let registry = Arc::new(open_azure(&home, &service));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let registry = Arc::clone(&registry);
        tasks.spawn(async move { registry.authorization(&scopes("repository:a:pull")).await });
    }
    for given in tasks.join_all().await {
        given.unwrap();
    }
    assert_eq!(count(&service, "/oauth2/token"), 1);
    assert!(!format!("{registry:?}").contains("app-secret"));
}
