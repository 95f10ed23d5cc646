//! The crate as its callers see it: which link answers, how often a service is asked, what is kept.

use crate::testing::{Asked, Home, NOW, Said, Service, jwt, now};
use crate::{Chain, Error, Link, ServicePrincipal, Settings, UserKind};
use acr_http::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::sync::Arc;

const APP: [(&str, &str); 3] = [
    ("AZURE_CLIENT_ID", "app"),
    ("AZURE_TENANT_ID", "t-1"),
    ("CI", "true"),
];

fn chain(home: &Home, authority: &str, variables: &[(&str, &str)]) -> Chain {
    let context = home.context(authority, variables);
    let settings = Settings {
        cloud: context.cloud,
        explicit: None,
        subscription: None,
        clock: now,
    };
    Chain::new(context.environment, context.http, settings)
}

fn with<'a>(base: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [base, more].concat()
}

fn grant(_: &Asked) -> Said {
    let token = jwt(json!({"tid": "t-1"}));
    (
        200,
        vec![],
        json!({"access_token": token, "expires_in": 3600}),
    )
}

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn a_secret_in_variables_is_asked_once_for_all_callers_and_processes() {
    let (home, service) = (Home::new(), Service::start(grant).await);
    let variables = with(&APP, &[("AZURE_CLIENT_SECRET", "hunter2")]);
    let first = Arc::new(chain(&home, &service.url, &variables));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let chain = Arc::clone(&first);
        tasks.spawn(async move { chain.token("https://r/").await.unwrap() });
    }
    for token in tasks.join_all().await {
        assert_eq!(token.source, Link::Variables);
        assert_eq!(token.expires_at.timestamp(), NOW + 3600);
    }
    let second = chain(&home, &service.url, &variables);
    second.token("https://r//.default").await.unwrap();
    let asked = service.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].path, "/t-1/oauth2/v2.0/token");
    assert_eq!(asked[0].form["grant_type"], "client_credentials");
    assert_eq!(asked[0].form["client_secret"], "hunter2");
    assert_eq!(asked[0].form["scope"], "https://r//.default");
    let account = second.account().await.unwrap();
    assert_eq!(
        (account.tenant_id.as_str(), account.user.kind),
        ("t-1", UserKind::ServicePrincipal)
    );
}

#[tokio::test]
async fn another_secret_scope_or_client_never_gets_a_stored_token() {
    let (home, service) = (Home::new(), Service::start(grant).await);
    let secret = |value| with(&APP, &[("AZURE_CLIENT_SECRET", value)]);
    chain(&home, &service.url, &secret("one"))
        .token("https://r")
        .await
        .unwrap();
    chain(&home, &service.url, &secret("two"))
        .token("https://r")
        .await
        .unwrap();
    chain(&home, &service.url, &secret("one"))
        .token("https://s")
        .await
        .unwrap();
    let other = [
        ("AZURE_CLIENT_ID", "b"),
        ("AZURE_TENANT_ID", "t-1"),
        ("AZURE_CLIENT_SECRET", "one"),
    ];
    chain(&home, &service.url, &other)
        .token("https://r")
        .await
        .unwrap();
    assert_eq!(service.asked().len(), 4);
}

#[tokio::test]
async fn tokens_are_renewed_five_minutes_before_their_end() {
    fn later() -> DateTime<Utc> {
        DateTime::from_timestamp(NOW + 3301, 0).unwrap()
    }
    let (home, service) = (Home::new(), Service::start(grant).await);
    let variables = with(&APP, &[("AZURE_CLIENT_SECRET", "s")]);
    chain(&home, &service.url, &variables)
        .token("https://r")
        .await
        .unwrap();
    let context = home.context(&service.url, &variables);
    let settings = Settings {
        cloud: context.cloud,
        explicit: None,
        subscription: None,
        clock: later,
    };
    let late = Chain::new(context.environment, context.http, settings);
    let token = late.token("https://r").await.unwrap();
    assert_eq!(token.expires_at.timestamp(), NOW + 3301 + 3600);
    late.token("https://r").await.unwrap();
    assert_eq!(service.asked().len(), 2);
}

#[tokio::test]
async fn a_certificate_and_a_token_file_prove_the_application() {
    let (home, service) = (Home::new(), Service::start(grant).await);
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let parameters = rcgen::CertificateParams::new(vec!["app".to_owned()]).unwrap();
    let pem = key.serialize_pem() + &parameters.self_signed(&key).unwrap().pem();
    let pem = home.write("app.pem", &pem);
    let certificate = [("AZURE_CLIENT_CERTIFICATE_PATH", pem.to_str().unwrap())];
    chain(&home, &service.url, &with(&APP, &certificate))
        .token("https://r")
        .await
        .unwrap();
    let file = home.write("federated", "outside-jwt\n");
    let file = [("AZURE_FEDERATED_TOKEN_FILE", file.to_str().unwrap())];
    chain(&home, &service.url, &with(&APP, &file))
        .token("https://r")
        .await
        .unwrap();
    let asked = service.asked();
    let assertion = claims(&asked[0].form["client_assertion"]);
    assert_eq!(
        assertion["aud"],
        format!("{}/t-1/oauth2/v2.0/token", service.url)
    );
    assert_eq!(asked[1].form["client_assertion"], "outside-jwt");
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    assert!(
        asked
            .iter()
            .all(|asked| asked.form["client_assertion_type"] == kind)
    );
    let gone = [("AZURE_FEDERATED_TOKEN_FILE", "/nowhere/token")];
    let error = chain(&home, &service.url, &with(&APP, &gone))
        .token("https://r2")
        .await;
    assert!(error.unwrap_err().to_string().contains("/nowhere/token"));
    let password = [certificate[0], ("AZURE_CLIENT_CERTIFICATE_PASSWORD", "p")];
    let error = chain(&home, &service.url, &with(&APP, &password))
        .token("https://r2")
        .await;
    assert!(error.unwrap_err().to_string().contains("openssl pkcs12"));
}

#[tokio::test]
async fn github_and_azure_devops_jobs_trade_their_identity() {
    let home = Home::new();
    let service = Service::start(|asked| match asked.path.as_str() {
        "/github" => (200, vec![], json!({"count": 1, "value": "gh-jwt"})),
        "/devops" => (200, vec![], json!({"oidcToken": "ado-jwt"})),
        _ => grant(asked),
    })
    .await;
    let (github, devops) = (
        format!("{}/github?v=1", service.url),
        format!("{}/devops", service.url),
    );
    let job = [
        ("ACTIONS_ID_TOKEN_REQUEST_URL", github.as_str()),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "req"),
    ];
    let token = chain(&home, &service.url, &with(&APP, &job))
        .token("https://r")
        .await
        .unwrap();
    assert_eq!(token.source, Link::GithubActions);
    let asked = service.asked();
    assert_eq!(asked[0].headers["authorization"], "Bearer req");
    assert_eq!(
        (
            asked[0].query["v"].as_str(),
            asked[0].query["audience"].as_str()
        ),
        ("1", "api://AzureADTokenExchange")
    );
    assert_eq!(asked[1].form["client_assertion"], "gh-jwt");

    let job = [
        ("SYSTEM_OIDCREQUESTURI", devops.as_str()),
        ("SYSTEM_ACCESSTOKEN", "sys"),
        ("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "conn"),
        ("AZURESUBSCRIPTION_CLIENT_ID", "app-2"),
        ("AZURESUBSCRIPTION_TENANT_ID", "t-2"),
    ];
    let token = chain(&home, &service.url, &job)
        .token("https://r")
        .await
        .unwrap();
    assert_eq!(token.source, Link::AzureDevops);
    let asked = service.asked();
    assert_eq!(
        (
            asked[2].method.as_str(),
            asked[2].query["serviceConnectionId"].as_str()
        ),
        ("POST", "conn")
    );
    assert_eq!(asked[2].headers["content-length"], "0");
    assert_eq!(asked[3].path, "/t-2/oauth2/v2.0/token");
    assert_eq!(asked[3].form["client_assertion"], "ado-jwt");
}

#[tokio::test]
async fn managed_identities_by_variables_speak_their_own_protocol() {
    let (home, service) = (Home::new(), Service::start(grant).await);
    let variables = [
        ("IDENTITY_ENDPOINT", service.url.as_str()),
        ("IDENTITY_HEADER", "hdr"),
        ("AZURE_CLIENT_ID", "mi"),
        (
            "AZURE_SUBSCRIPTION_ID",
            "8f1f3c6e-0000-4000-8000-000000000001",
        ),
    ];
    let app_service = chain(&home, "https://unused.example", &variables);
    let account = app_service.account().await.unwrap();
    assert_eq!(
        (account.tenant_id.as_str(), account.user.kind),
        ("t-1", UserKind::ManagedIdentity)
    );
    assert!(account.subscription_id.unwrap().starts_with("8f1f"));
    let old = [
        ("MSI_ENDPOINT", service.url.as_str()),
        ("MSI_SECRET", "old"),
        ("AZURE_CLIENT_ID", "mi"),
    ];
    chain(&home, "https://unused.example", &old)
        .token("https://r/")
        .await
        .unwrap();
    let plain = [("MSI_ENDPOINT", service.url.as_str())];
    chain(&home, "https://unused.example", &plain)
        .token("https://r/")
        .await
        .unwrap();
    let asked = service.asked();
    assert_eq!(asked[0].headers["x-identity-header"], "hdr");
    assert_eq!(
        (
            asked[0].query["client_id"].as_str(),
            asked[0].query["api-version"].as_str()
        ),
        ("mi", "2019-08-01")
    );
    assert_eq!(asked[1].headers["secret"], "old");
    assert_eq!(
        (
            asked[1].query["clientid"].as_str(),
            asked[1].query["api-version"].as_str()
        ),
        ("mi", "2017-09-01")
    );
    assert_eq!(
        (asked[2].method.as_str(), asked[2].form["resource"].as_str()),
        ("POST", "https://r/")
    );
}

#[tokio::test]
async fn the_first_link_that_applies_wins_even_if_it_fails() {
    let home = Home::new();
    let service = Service::start(|asked| match asked.path.contains("oauth2") {
        true => (401, vec![("x-ms-request-id", "trace-7".to_owned())],
            json!({"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."})),
        false => grant(asked),
    })
    .await;
    let variables = with(
        &APP,
        &[
            ("AZURE_CLIENT_SECRET", "hunter2"),
            ("MSI_ENDPOINT", &service.url),
        ],
    );
    let error = chain(&home, &service.url, &variables)
        .token("https://r")
        .await
        .unwrap_err();
    assert_eq!(error.link(), Some(Link::Variables));
    assert_eq!(
        (error.entra_code(), error.correlation_id()),
        (Some(7000215), Some("trace-7"))
    );
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    let without = [
        ("AZURE_CLIENT_ID", "app"),
        ("MSI_ENDPOINT", service.url.as_str()),
    ];
    let token = chain(&home, &service.url, &without)
        .token("https://r")
        .await
        .unwrap();
    assert_eq!(token.source, Link::MsiEndpoint);
}

#[tokio::test]
async fn without_a_credential_the_error_says_what_was_half_there() {
    let home = Home::new();
    let error = chain(&home, "https://login.example", &APP)
        .token("https://r")
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NoCredential { .. }));
    let text = error.to_string();
    assert!(
        text.contains("AZURE_CLIENT_SECRET") && text.contains("az is not logged in"),
        "{text}"
    );
}

#[tokio::test]
async fn an_explicit_service_principal_goes_before_everything() {
    let (home, service) = (Home::new(), Service::start(grant).await);
    let context = home.context(
        &service.url,
        &[
            ("AZURE_AUTHORITY_HOST", "https://elsewhere.example"),
            ("AZURE_CLIENT_ID", "other"),
            ("AZURE_TENANT_ID", "t"),
            ("AZURE_CLIENT_SECRET", "s"),
        ],
    );
    let settings = Settings {
        cloud: context.cloud,
        explicit: Some(ServicePrincipal {
            tenant_id: "t-1".to_owned(),
            client_id: "own".to_owned(),
            secret: Secret::new("hunter2"),
        }),
        subscription: Some("Main".to_owned()),
        clock: now,
    };
    let chain = Chain::new(context.environment, context.http, settings);
    assert_eq!(
        chain.token("https://r").await.unwrap().source,
        Link::Explicit
    );
    assert_eq!(service.asked()[0].form["client_id"], "own");
    let account = chain.account().await.unwrap();
    assert_eq!(
        (
            account.subscription_id,
            account.subscription_name.as_deref()
        ),
        (None, Some("Main"))
    );
    let shown = format!("{chain:?} {:?}", chain.token("https://r").await.unwrap());
    assert!(
        !shown.contains("hunter2") && !shown.contains("eyJ"),
        "{shown}"
    );
}

#[tokio::test]
async fn answers_that_are_no_tokens_are_named() {
    let home = Home::new();
    for (status, body) in [
        (200, json!([])),
        (200, json!({"access_token": "x"})),
        (302, json!("moved")),
        (
            200,
            json!({"access_token": "x".repeat(2 << 20), "expires_in": 60}),
        ),
    ] {
        let service = Service::start(move |_| (status, vec![], body.clone())).await;
        let variables = with(&APP, &[("AZURE_CLIENT_SECRET", "s")]);
        let error = chain(&home, &service.url, &variables)
            .token("https://r")
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Answer { .. } | Error::Refused { .. }),
            "{error}"
        );
    }
    let unreachable = with(
        &APP,
        &[
            ("AZURE_CLIENT_SECRET", "s"),
            ("AZURE_AUTHORITY_HOST", "http://login.example"),
        ],
    );
    let error = chain(&home, "https://unused.example", &unreachable)
        .token("https://r")
        .await;
    assert!(error.unwrap_err().to_string().contains("no https address"));
}
