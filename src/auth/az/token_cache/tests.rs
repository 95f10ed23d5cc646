//! The token cache against files as MSAL writes them.

use super::{Granted, Identity, TokenCache};
use crate::authority::Authority;
use crate::az::Config;
use crate::error::Error;
use crate::file;
use crate::link::Link;
use crate::scope::Scope;
use crate::testing::{Home, NOW, now};
use crate::token::AccessToken;
use acr_http::Secret;
use chrono::DateTime;
use serde_json::{Value, json};

const LINK: Link = Link::AzProfile;

const FILE: &str = "msal_token_cache.json";
const ARM: &str = "https://management.core.windows.net/";
const CLIENT: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// The shape, keys and number-as-text habits of MSAL's own output.
fn sample() -> Value {
    let target = format!("{ARM}/.default {ARM}/user_impersonation");
    let entry = |kind: &str, client: &str, secret: &str| {
        json!({"credential_type": kind, "secret": secret, "home_account_id": "u-1.t-1",
            "environment": "login.example", "client_id": client, "target": target})
    };
    let with = |mut entry: Value, more: Value| {
        entry
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        entry
    };
    let refresh_key = format!("u-1.t-1-login.example-refreshtoken-{CLIENT}--{target}");
    json!({
        "AccessToken": {
            (format!("u-1.t-1-login.example-accesstoken-{CLIENT}-t-1-{target}")):
                with(entry("AccessToken", CLIENT, "user-at"), json!({"realm": "t-1", "token_type": "Bearer",
                    "cached_at": "1", "expires_on": (NOW + 301).to_string()})),
            "bound": with(entry("AccessToken", CLIENT, "ssh"), json!({"realm": "t-2", "key_id": "k",
                "expires_on": (NOW + 9000).to_string()})),
            "app": {"credential_type": "AccessToken", "secret": "app-at", "home_account_id": null,
                "environment": "login.example", "client_id": "app", "target": format!("{ARM}/.default"),
                "realm": "t-1", "expires_on": NOW + 9000},
        },
        "Account": {"u-1.t-1-login.example-t-1": {"home_account_id": "u-1.t-1", "environment": "login.example",
            "realm": "t-1", "username": "Me@contoso.com", "authority_type": "MSSTS"}},
        "RefreshToken": {
            "family": with(entry("RefreshToken", "other", "rt-family"),
                json!({"family_id": "1", "last_modification_time": "5"})),
            (refresh_key): with(entry("RefreshToken", CLIENT, "rt-own"),
                json!({"family_id": "1", "last_modification_time": "10"})),
            "stranger": entry("RefreshToken", "other", "rt-stranger"),
        },
        "Unknown": {"kept": [1, 2]},
    })
}

fn identity(tenant: &str) -> Identity {
    Identity {
        authority: Authority::new(LINK, "https://login.example", tenant).unwrap(),
        client_id: CLIENT.to_owned(),
        home_account_id: Some("u-1.t-1".to_owned()),
    }
}

async fn load(home: &Home) -> Result<TokenCache, Error> {
    let environment = home.environment(&[]);
    TokenCache::load(&environment, &Config::load(&environment).unwrap()).await
}

fn token(secret: &str) -> AccessToken {
    AccessToken {
        secret: Secret::new(secret),
        expires_at: DateTime::from_timestamp(NOW + 3600, 0).unwrap(),
        source: LINK,
    }
}

#[tokio::test]
async fn tokens_are_found_only_for_whom_they_were_given_to() {
    let home = Home::new();
    home.write_azure(FILE, &sample().to_string());
    let cache = load(&home).await.unwrap();
    let find = |identity: &Identity, scope: &str, now| {
        let found = cache.access_token(identity, &Scope::parse(scope), now);
        found.map(|token| token.secret.expose().to_owned())
    };
    assert_eq!(find(&identity("t-1"), ARM, now()).unwrap(), "user-at");
    assert_eq!(find(&identity("t-1"), "https://other", now()), None);
    assert_eq!(find(&identity("t-2"), ARM, now()), None, "bound to a key");
    let later = DateTime::from_timestamp(NOW + 2, 0).unwrap();
    assert_eq!(
        find(&identity("t-1"), ARM, later),
        None,
        "less than five minutes"
    );
    let app = Identity {
        client_id: "app".to_owned(),
        home_account_id: None,
        ..identity("t-1")
    };
    assert_eq!(find(&app, ARM, later).unwrap(), "app-at");
}

#[tokio::test]
async fn accounts_are_found_by_name_whatever_its_case() {
    let home = Home::new();
    home.write_azure(FILE, &sample().to_string());
    let cache = load(&home).await.unwrap();
    let find = |host: &str, name: &str| {
        cache.home_account_id(&Authority::new(LINK, host, "t-1").unwrap(), name)
    };
    assert_eq!(
        find("https://login.example", "me@CONTOSO.com").unwrap(),
        "u-1.t-1"
    );
    assert!(find("https://elsewhere.example", "me@contoso.com").is_err());
    assert!(find("https://login.example", "you@contoso.com").is_err());
}

#[tokio::test]
async fn own_and_family_refresh_tokens_serve_and_the_newest_goes_first() {
    let home = Home::new();
    home.write_azure(FILE, &sample().to_string());
    let cache = load(&home).await.unwrap();
    let found = cache.refresh_tokens(&identity("t-1"));
    let found: Vec<&str> = found.iter().map(|token| token.secret.expose()).collect();
    assert_eq!(found, ["rt-own", "rt-family"]);
}

#[tokio::test]
async fn what_a_grant_brought_is_filed_and_everything_else_stays() {
    let home = Home::new();
    let path = home.write_azure(FILE, &sample().to_string());
    let cache = load(&home).await.unwrap();
    let identity = identity("t-1");
    let used = cache.refresh_tokens(&identity).swap_remove(0);
    // az writes in the meantime; that must survive.
    let mut meanwhile = sample();
    meanwhile["AccessToken"]["new"] = json!({"secret": "by-az"});
    home.write_azure(FILE, &meanwhile.to_string());
    let new = token("new-at");
    let granted = Granted {
        token: &new,
        target: format!("{ARM}/.default"),
        id_token: Some("idt"),
        rotated: Some((&used, "rt-new")),
    };
    cache.store(&identity, &granted, now()).await.unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("{\n    \"AccessToken\""), "MSAL's layout");
    let written: Value = serde_json::from_str(&text).unwrap();
    let key = format!("u-1.t-1-login.example-accesstoken-{CLIENT}-t-1-{ARM}/.default");
    let entry = &written["AccessToken"][&key];
    assert_eq!(entry["secret"], "new-at");
    assert_eq!(entry["expires_on"], (NOW + 3600).to_string());
    let id_key = format!("u-1.t-1-login.example-idtoken-{CLIENT}-t-1-");
    assert_eq!(written["IdToken"][&id_key]["secret"], "idt");
    let target = format!("{ARM}/.default {ARM}/user_impersonation");
    let refresh_key = format!("u-1.t-1-login.example-refreshtoken-{CLIENT}--{target}");
    let refresh = &written["RefreshToken"][&refresh_key];
    assert_eq!(
        (&refresh["secret"], &refresh["family_id"]),
        (&json!("rt-new"), &json!("1"))
    );
    assert_eq!(refresh["last_modification_time"], NOW.to_string());
    assert_eq!(written["AccessToken"]["new"]["secret"], "by-az");
    assert_eq!(written["Unknown"], sample()["Unknown"]);
    assert!(file::is_private(&path).unwrap());
}

#[tokio::test]
async fn a_login_that_is_gone_does_not_come_back() {
    let home = Home::new();
    let path = home.write_azure(FILE, &sample().to_string());
    let cache = load(&home).await.unwrap();
    let identity = identity("t-1");
    let used = cache.refresh_tokens(&identity).swap_remove(0);
    home.write_azure(FILE, "{}");
    let new = token("new-at");
    let granted = Granted {
        token: &new,
        target: String::new(),
        id_token: None,
        rotated: Some((&used, "rt-new")),
    };
    cache.store(&identity, &granted, now()).await.unwrap();
    assert!(!std::fs::read_to_string(path).unwrap().contains("rt-new"));
}

#[tokio::test]
async fn writers_take_turns() {
    let home = std::sync::Arc::new(Home::new());
    let path = home.write_azure(FILE, "{}");
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..12 {
        let home = std::sync::Arc::clone(&home);
        tasks.spawn(async move {
            let cache = load(&home).await.unwrap();
            let new = token(&format!("at-{number}"));
            let granted = Granted {
                token: &new,
                target: format!("scope-{number}"),
                id_token: None,
                rotated: None,
            };
            cache
                .store(&identity("t-1"), &granted, now())
                .await
                .unwrap();
        });
    }
    tasks.join_all().await;
    let written: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(written["AccessToken"].as_object().unwrap().len(), 12);
}

#[tokio::test]
async fn missing_and_empty_caches_are_empty_and_broken_ones_an_error() {
    let home = Home::new();
    let refresh_tokens = async || {
        load(&home)
            .await
            .unwrap()
            .refresh_tokens(&identity("t-1"))
            .len()
    };
    assert_eq!(refresh_tokens().await, 0);
    home.write_azure(FILE, "");
    assert_eq!(refresh_tokens().await, 0);
    home.write_azure(FILE, "{\"AccessToken\": {\"a\": {\"secret\": \"hunter2\"");
    let error = load(&home).await.err().unwrap().to_string();
    assert!(
        error.contains("broken") && !error.contains("hunter2"),
        "{error}"
    );
    home.write_azure(FILE, "{\"AccessToken\": [], \"Account\": {\"x\": 5}}");
    let odd = load(&home).await.unwrap();
    assert!(
        odd.access_token(&identity("t-1"), &Scope::parse(ARM), now())
            .is_none()
    );
}
