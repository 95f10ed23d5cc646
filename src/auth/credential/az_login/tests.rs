//! az's login of every kind, from its files to a token.

use super::AzLogin;
use super::holder::selector;
use crate::account::UserKind;
use crate::context::Context;
use crate::credential::device_login::AZURE_CLI_CLIENT_ID;
use crate::credential::selector::Selector;
use crate::error::Error;
use crate::link::Link;
use crate::scope::Scope;
use crate::testing::{Home, NOW, Said, Service, jwt};
use crate::token::AccessToken;
use serde_json::{Value, json};

const ARM: &str = "https://management.core.windows.net/";

fn profile(user: Value) -> String {
    let subscription = json!({"id": "s-1", "name": "Main", "state": "Enabled", "user": user, "isDefault": true,
        "tenantId": "t-1", "environmentName": "AzureCloud", "homeTenantId": "t-1", "managedByTenants": []});
    format!(
        "\u{feff}{}",
        json!({"installationId": "i", "subscriptions": [subscription]})
    )
}

fn user_cache(refresh_tokens: &[&str], expires_on: i64) -> String {
    let client = AZURE_CLI_CLIENT_ID;
    let refresh = refresh_tokens.iter().enumerate().map(|(age, secret)| {
        let entry = json!({"credential_type": "RefreshToken", "secret": secret, "home_account_id": "u-1.t-1",
            "environment": "127.0.0.1", "client_id": client, "family_id": "1",
            "last_modification_time": (1000 - age).to_string()});
        (format!("u-1.t-1-127.0.0.1-refreshtoken-{client}--{age}"), entry)
    });
    json!({
        "Account": {"u-1.t-1-127.0.0.1-t-1": {"home_account_id": "u-1.t-1", "environment": "127.0.0.1",
            "realm": "t-1", "username": "Me@contoso.com", "authority_type": "MSSTS"}},
        "AccessToken": {"at": {"credential_type": "AccessToken", "secret": "cached-at", "home_account_id": "u-1.t-1",
            "environment": "127.0.0.1", "client_id": client, "target": format!("{ARM}/.default"), "realm": "t-1",
            "token_type": "Bearer", "expires_on": expires_on.to_string()}},
        "RefreshToken": refresh.collect::<serde_json::Map<_, _>>(),
    })
    .to_string()
}

async fn tokens() -> Service {
    Service::start(|asked| -> Said {
        if asked
            .form
            .get("refresh_token")
            .is_some_and(|token| token == "rt-dead")
        {
            let text = "AADSTS700082: The refresh token has expired due to inactivity.";
            return (
                400,
                vec![],
                json!({"error": "invalid_grant", "error_description": text}),
            );
        }
        let scope = format!("{ARM}/user_impersonation {ARM}/.default");
        (
            200,
            vec![],
            json!({"access_token": "new-at", "refresh_token": "rt-new", "expires_in": 3599,
            "scope": scope, "foci": "1", "id_token": jwt(json!({"tid": "t-1"}))}),
        )
    })
    .await
}

async fn token(context: &Context) -> Result<AccessToken, Error> {
    let login = AzLogin::detect(context)?.expect("az is logged in");
    login.token(context, &Scope::parse(ARM)).await
}

fn written(home: &Home) -> Value {
    let path = home.path().join(".azure/msal_token_cache.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[tokio::test]
async fn the_token_that_az_has_is_used_while_it_lasts() {
    let (home, service) = (Home::new(), tokens().await);
    home.write_azure(
        "azureProfile.json",
        &profile(json!({"name": "me@contoso.com", "type": "user"})),
    );
    home.write_azure("msal_token_cache.json", &user_cache(&["rt-1"], NOW + 600));
    let context = home.context(&service.url, &[]);
    assert_eq!(token(&context).await.unwrap().secret.expose(), "cached-at");
    assert!(service.asked().is_empty());
    let account = AzLogin::detect(&context).unwrap().unwrap().account();
    assert_eq!(account.subscription_id.as_deref(), Some("s-1"));
    assert_eq!(
        (account.tenant_id.as_str(), account.user.kind),
        ("t-1", UserKind::User)
    );
}

#[tokio::test]
async fn a_token_is_renewed_and_az_finds_it() {
    let (home, service) = (Home::new(), tokens().await);
    home.write_azure(
        "azureProfile.json",
        &profile(json!({"name": "me@contoso.com", "type": "user"})),
    );
    home.write_azure(
        "msal_token_cache.json",
        &user_cache(&["rt-dead", "rt-1"], NOW - 5),
    );
    let context = home.context(&service.url, &[]);
    let new = token(&context).await.unwrap();
    assert_eq!(
        (new.secret.expose(), new.expires_at.timestamp()),
        ("new-at", NOW + 3599)
    );
    let asked = service.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].path, "/t-1/oauth2/v2.0/token");
    assert_eq!(asked[1].form["refresh_token"], "rt-1");
    assert_eq!(asked[1].form["client_id"], AZURE_CLI_CLIENT_ID);
    assert_eq!(
        asked[1].form["scope"],
        format!("{ARM}/.default offline_access openid profile")
    );
    let cache = written(&home);
    let client = AZURE_CLI_CLIENT_ID;
    let target = format!("{ARM}/.default {ARM}/user_impersonation");
    let key = format!("u-1.t-1-127.0.0.1-accesstoken-{client}-t-1-{target}");
    assert_eq!(cache["AccessToken"][&key]["target"], target);
    let refresh = |age: u32| format!("u-1.t-1-127.0.0.1-refreshtoken-{client}--{age}");
    assert_eq!(cache["RefreshToken"][&refresh(0)]["secret"], "rt-dead");
    assert_eq!(cache["RefreshToken"][&refresh(1)]["secret"], "rt-new");
    assert_eq!(token(&context).await.unwrap().secret.expose(), "new-at");
    assert_eq!(service.asked().len(), 2);
}

#[tokio::test]
async fn a_login_that_ended_says_so_with_the_services_words() {
    let (home, service) = (Home::new(), tokens().await);
    home.write_azure(
        "azureProfile.json",
        &profile(json!({"name": "me@contoso.com", "type": "user"})),
    );
    home.write_azure("msal_token_cache.json", &user_cache(&["rt-dead"], NOW - 5));
    let context = home.context(&service.url, &[]);
    let error = token(&context).await.unwrap_err();
    assert_eq!(error.entra_code(), Some(700082));
    assert!(error.hint().unwrap().contains("az login"));
    assert!(!format!("{error} {error:?}").contains("rt-dead"));
    home.write_azure("msal_token_cache.json", &user_cache(&[], NOW - 5));
    let error = token(&context).await.unwrap_err().to_string();
    assert!(error.contains("enable_broker_on_windows"), "{error}");
}

#[tokio::test]
async fn a_service_principal_uses_its_entry_and_shares_its_tokens() {
    let (home, service) = (Home::new(), tokens().await);
    home.write_azure(
        "azureProfile.json",
        &profile(json!({"name": "app", "type": "servicePrincipal"})),
    );
    home.write_azure(
        "service_principal_entries.json",
        &json!([{"client_id": "app", "tenant": "t-1", "client_secret": "hunter2"}]).to_string(),
    );
    let context = home.context(&service.url, &[]);
    assert_eq!(token(&context).await.unwrap().secret.expose(), "new-at");
    assert_eq!(token(&context).await.unwrap().secret.expose(), "new-at");
    let asked = service.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].form["client_secret"], "hunter2");
    let target = format!("{ARM}/.default {ARM}/user_impersonation");
    let key = format!("-127.0.0.1-accesstoken-app-t-1-{target}");
    assert_eq!(
        written(&home)["AccessToken"][&key]["home_account_id"],
        Value::Null
    );
    let login = AzLogin::detect(&context).unwrap().unwrap();
    assert_eq!(login.account().user.kind, UserKind::ServicePrincipal);
    assert!(!format!("{login:?}").contains("hunter2"));
}

#[tokio::test]
async fn managed_identities_and_cloud_shell_ask_their_endpoint() {
    let (home, service) = (Home::new(), tokens().await);
    let user = json!({"name": "userAssignedIdentity", "type": "servicePrincipal",
        "assignedIdentityInfo": "MSIResource-/subscriptions/s-1/x"});
    home.write_azure("azureProfile.json", &profile(user));
    let variables = [
        ("IDENTITY_ENDPOINT", service.url.as_str()),
        ("IDENTITY_HEADER", "h"),
    ];
    let context = home.context("https://unused.example", &variables);
    assert_eq!(token(&context).await.unwrap().secret.expose(), "new-at");
    assert_eq!(
        service.asked()[0].query["mi_res_id"],
        "/subscriptions/s-1/x"
    );
    let account = AzLogin::detect(&context).unwrap().unwrap().account();
    assert_eq!(account.user.kind, UserKind::ManagedIdentity);

    let user = json!({"name": "me@contoso.com", "type": "user", "cloudShellID": true});
    home.write_azure("azureProfile.json", &profile(user));
    let variables = [
        ("MSI_ENDPOINT", service.url.as_str()),
        ("ACC_CLOUD", "PROD"),
    ];
    let context = home.context("https://unused.example", &variables);
    assert_eq!(token(&context).await.unwrap().source, Link::AzProfile);
    let asked = service.asked().pop().unwrap();
    assert_eq!(
        (asked.method.as_str(), asked.form["resource"].as_str()),
        ("POST", ARM)
    );
    let account = AzLogin::detect(&context).unwrap().unwrap().account();
    assert_eq!(account.user.kind, UserKind::User);
}

#[test]
fn other_clouds_and_odd_profiles_are_told_apart() {
    let home = Home::new();
    let mut context = home.context("https://login.example", &[]);
    assert!(AzLogin::detect(&context).unwrap().is_none());
    home.write_azure(
        "azureProfile.json",
        &profile(json!({"name": "x", "type": "alien"})),
    );
    assert!(
        AzLogin::detect(&context)
            .unwrap_err()
            .to_string()
            .contains("alien")
    );
    context.subscription = Some("none".to_owned());
    assert!(
        AzLogin::detect(&context)
            .unwrap_err()
            .to_string()
            .contains("no subscription")
    );
    context.cloud.name = "local".to_owned();
    assert!(AzLogin::detect(&context).unwrap().is_none());
    assert_eq!(
        selector("MSIClient-a-b").unwrap(),
        Selector::ClientId("a-b".to_owned())
    );
    assert!(selector("MSIOther-a").is_err());
}
