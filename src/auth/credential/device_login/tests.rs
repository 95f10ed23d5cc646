//! The login by a code, against a service that plays the other side.

use super::login::LINK;
use super::offer::next_interval;
use super::{DeviceLogin, log_in};
use crate::cache::Vault;
use crate::error::Error;
use crate::scope::Scope;
use crate::testing::{Home, NOW, Said, Service, jwt, now};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

async fn service(end: &'static str) -> Service {
    let polls = AtomicUsize::new(0);
    Service::start(move |asked| -> Said {
        if asked.path.ends_with("/devicecode") {
            let offer = json!({"device_code": "dev1ce", "user_code": "ABC", "verification_uri": "https://v",
                "message": "Open https://v and type ABC.", "expires_in": 900, "interval": 0});
            return (200, vec![], offer);
        }
        let error = match polls.fetch_add(1, Ordering::SeqCst) {
            0 if asked.form["grant_type"] != "refresh_token" => "authorization_pending",
            _ if !end.is_empty() => end,
            _ => {
                let id_token = jwt(json!({"tid": "t-9", "preferred_username": "me@contoso.com"}));
                return (200, vec![], json!({"access_token": "at", "refresh_token": "rt-2", "expires_in": 60,
                    "id_token": id_token}));
            }
        };
        (400, vec![], json!({"error": error, "error_description": "AADSTS1: words"}))
    })
    .await
}

#[tokio::test]
async fn a_person_logs_in_once_and_stays_logged_in() {
    let (home, service) = (Home::new(), service("").await);
    let context = home.context(&service.url, &[]);
    let vault = Vault::new(home.path(), now);
    let mut shown = None;
    let token = log_in(&context, &vault, None, |prompt| {
        shown = Some(prompt.clone())
    })
    .await
    .unwrap();
    assert_eq!(token.expires_at.timestamp(), NOW + 60);
    assert_eq!(shown.unwrap().user_code, "ABC");
    let asked = service.asked();
    assert_eq!(asked[0].path, "/organizations/oauth2/v2.0/devicecode");
    let scope = "https://management.core.windows.net//.default offline_access openid profile";
    assert_eq!(asked[0].form["scope"], scope);
    assert_eq!(asked[2].form["device_code"], "dev1ce");

    let login = DeviceLogin::detect(&context, &vault).unwrap().unwrap();
    let account = login.account(&context);
    assert_eq!(
        (account.tenant_id.as_str(), account.user.name.as_str()),
        ("t-9", "me@contoso.com")
    );
    assert!(!format!("{login:?}").contains("rt-2"));
    login
        .token(&context, &vault, &Scope::parse("https://r"))
        .await
        .unwrap();
    let renewal = service.asked().pop().unwrap();
    assert_eq!(renewal.path, "/t-9/oauth2/v2.0/token");
    assert_eq!(renewal.form["refresh_token"], "rt-2");
}

#[tokio::test]
async fn refusals_end_the_wait() {
    for (end, words) in [
        ("authorization_declined", "declined"),
        ("expired_token", "expired"),
        ("invalid_client", "AADSTS1"),
    ] {
        let (home, service) = (Home::new(), service(end).await);
        let context = home.context(&service.url, &[]);
        let vault = Vault::new(home.path(), now);
        let error = log_in(&context, &vault, Some("t"), |_| {})
            .await
            .unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(DeviceLogin::detect(&context, &vault).unwrap().is_none());
        assert_eq!(service.asked().len(), 3);
    }
}

#[test]
fn the_service_sets_the_pace() {
    let refused = |error: &str| Error::Refused {
        link: LINK,
        refusal: Box::new(crate::Refusal {
            error: error.to_owned(),
            ..Default::default()
        }),
    };
    let pace = Duration::from_secs(5);
    assert_eq!(
        next_interval(pace, refused("authorization_pending")).unwrap(),
        pace
    );
    assert_eq!(next_interval(pace, refused("slow_down")).unwrap(), pace * 2);
}
