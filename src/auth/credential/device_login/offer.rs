//! Logging in: the service offers a code, a person types it in, and the login is stored.

use super::login::{AZURE_CLI_CLIENT_ID, LINK, SCOPES};
use crate::answer::{self, TokenAnswer};
use crate::authority::Authority;
use crate::cache::{StoredLogin, Vault};
use crate::claims::Claims;
use crate::context::Context;
use crate::error::Error;
use crate::token::AccessToken;
use chrono::TimeDelta;
use serde::Deserialize;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(30);
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// Any tenant that a person of an organisation may belong to.
const ANY_TENANT: &str = "organizations";
const USUAL_INTERVAL_SECONDS: u64 = 5;
const SHORTEST_INTERVAL: Duration = Duration::from_millis(100);
const LONGEST_WAIT_SECONDS: i64 = 3600;

/// What a person has to do to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevicePrompt {
    /// The page to open.
    pub verification_uri: String,
    /// The code to type in there.
    pub user_code: String,
    /// The service's own sentence with both.
    pub message: String,
}

#[derive(Deserialize)]
struct Offer {
    device_code: String,
    user_code: String,
    verification_uri: String,
    #[serde(default)]
    message: String,
    expires_in: i64,
    interval: Option<u64>,
}

/// Logs a person in: offers a code, waits until it was typed in, and stores the login.
pub(crate) async fn log_in(
    context: &Context,
    vault: &Vault,
    tenant: Option<&str>,
    on_prompt: impl FnOnce(&DevicePrompt),
) -> Result<AccessToken, Error> {
    let authority = Authority::new(LINK, context.authority_host(), tenant.unwrap_or(ANY_TENANT))?;
    let scope = format!("{} {SCOPES}", context.cloud.management_scope());
    let offer = offer(context, &authority, &scope).await?;
    on_prompt(&DevicePrompt {
        verification_uri: offer.verification_uri.clone(),
        user_code: offer.user_code.clone(),
        message: offer.message.clone(),
    });
    let answer = wait(context, &authority, &offer).await?;
    let token = answer.token(LINK, context.now())?;
    let claims = answer
        .id_token
        .as_deref()
        .and_then(Claims::of)
        .unwrap_or_default();
    let access = Claims::of(token.secret.expose()).unwrap_or_default();
    let tenant = claims.tid.as_ref().or(access.tid.as_ref());
    let username = claims.username().or(access.username());
    let refresh = answer.refresh_token.as_deref();
    let (Some(tenant), Some(refresh)) = (tenant, refresh) else {
        return Err(Error::answer(
            LINK,
            "it names no tenant or holds no refresh token",
        ));
    };
    let login = StoredLogin::new(tenant, username.unwrap_or_default(), refresh);
    vault.put_login(context.authority_host(), login).await;
    Ok(token)
}

async fn offer(context: &Context, authority: &Authority, scope: &str) -> Result<Offer, Error> {
    let response = context
        .http
        .post(&authority.device_code_url())
        .form(&[("client_id", AZURE_CLI_CLIENT_ID), ("scope", scope)])
        .timeout(LIMIT)
        .send()
        .await
        .map_err(Error::transport(LINK))?;
    let status = response.status;
    let body = answer::body(LINK, response).await?;
    if !status.is_success() {
        let refusal = Box::new(answer::refusal(status.as_u16(), &body));
        return Err(Error::Refused {
            link: LINK,
            refusal,
        });
    }
    serde_json::from_slice(&body)
        .map_err(|error| Error::answer(LINK, format!("it is no offer of a code: {error}")))
}

async fn wait(
    context: &Context,
    authority: &Authority,
    offer: &Offer,
) -> Result<TokenAnswer, Error> {
    let lasts = offer.expires_in.clamp(1, LONGEST_WAIT_SECONDS);
    let ends = context.now() + TimeDelta::seconds(lasts);
    let mut interval = Duration::from_secs(offer.interval.unwrap_or(USUAL_INTERVAL_SECONDS));
    let form = [
        ("grant_type", GRANT),
        ("client_id", AZURE_CLI_CLIENT_ID),
        ("device_code", offer.device_code.as_str()),
    ];
    loop {
        tokio::time::sleep(interval.max(SHORTEST_INTERVAL)).await;
        let refused = match authority.grant(context, LINK, &form).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        interval = next_interval(interval, refused)?;
        if context.now() >= ends {
            return Err(Error::setup(
                LINK,
                "nobody typed the code in before it expired",
            ));
        }
    }
}

/// How long to wait after a refusal; one that will not pass is given back.
pub(super) fn next_interval(interval: Duration, refused: Error) -> Result<Duration, Error> {
    let Error::Refused { refusal, .. } = &refused else {
        return Err(refused);
    };
    match refusal.error.as_str() {
        "authorization_pending" => Ok(interval),
        "slow_down" => Ok(interval + Duration::from_secs(USUAL_INTERVAL_SECONDS)),
        "authorization_declined" | "access_denied" => {
            Err(Error::setup(LINK, "the login was declined"))
        }
        "expired_token" | "code_expired" => Err(Error::setup(
            LINK,
            "nobody typed the code in before it expired",
        )),
        _ => Err(refused),
    }
}
