//! Device codes: a program shows one, a person approves it elsewhere (RFC 8628).

use acr_api::auth::DeviceCodeResponse;
use acr_store::Batch;
use aws_lc_rs::digest;
use axum::{
    extract::{Path, Request, State as FromApp},
    http::StatusCode,
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{client, discovery, error::TokenError, token_endpoint};
use crate::{
    app::App,
    domain::{Error, random},
    http::answer,
};

const CODES: &str = "device-code";
/// Finds codes by what the person types.
const USER_CODES: &str = "device-code/user-code";
const LIFETIME: TimeDelta = TimeDelta::minutes(15);
const INTERVAL_SECONDS: i64 = 1;
/// Codes that wait for their person at a time. Whoever asks for one is nobody yet.
const MOST_WAITING: u64 = 10_000;
/// The longest list of scopes that is remembered.
const LONGEST_SCOPE: usize = 4 * 1024;
/// No vowels, so no words; no letters that look like digits.
const ALPHABET: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
const USER_CODE_LENGTH: usize = 9;

/// A code that waits for a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pending {
    pub(super) client_id: String,
    pub(super) scope: String,
    user_code: String,
    pub(super) state: State,
}

/// How far the person got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum State {
    /// Not there yet.
    Pending,
    /// Signed in.
    Approved {
        object_id: String,
        user_name: String,
    },
}

/// `POST /{tenant}/oauth2/v2.0/devicecode`
pub(super) async fn begin(
    FromApp(app): FromApp<App>,
    Path(tenant): Path<String>,
    request: Request,
) -> Result<Response, TokenError> {
    discovery::tenant_of(&app, &tenant)?;
    let request = token_endpoint::read(&app, request).await?;
    let client_id = client::public(&app, &request).await?;
    let scope = request.required("scope")?;
    if scope.len() > LONGEST_SCOPE {
        return Err(TokenError::new(
            "invalid_scope",
            70_011,
            format!("The scope is longer than {LONGEST_SCOPE} bytes."),
        ));
    }
    if app.meta().count(CODES, "").await.map_err(Error::from)? >= MOST_WAITING {
        return Err(TokenError::throttled(
            "Too many sign-ins have begun and not ended. Wait and try again.",
        ));
    }
    let code = URL_SAFE_NO_PAD.encode(random::bytes::<32>()?);
    let pending = Pending {
        client_id,
        scope: scope.to_owned(),
        user_code: random::text(ALPHABET, USER_CODE_LENGTH)?,
        state: State::Pending,
    };
    let end = (app.now() + LIFETIME).timestamp_millis();
    let batch = Batch::new()
        .put_until(CODES, &key(&code), &pending, end)
        .put_until(USER_CODES, &pending.user_code, &key(&code), end);
    app.meta().commit(batch).await.map_err(Error::from)?;
    let address = format!("{}/devicelogin", request.origin);
    Ok(answer::json(
        StatusCode::OK,
        &DeviceCodeResponse {
            message: format!(
                "To sign in, open the page {address} in a browser and enter the code {}.",
                pending.user_code
            ),
            user_code: pending.user_code,
            device_code: code,
            verification_uri: address,
            expires_in: LIFETIME.num_seconds(),
            interval: INTERVAL_SECONDS,
        },
    ))
}

/// The state of a code that a program polls with.
pub(super) async fn find(app: &App, code: &str) -> Result<Pending, TokenError> {
    match read(app, &key(code)).await? {
        Some((pending, _)) => Ok(pending),
        None => Err(TokenError::new(
            "expired_token",
            70_020,
            "The provided value for the input parameter 'device_code' is not valid or has expired.",
        )),
    }
}

/// Ends a code that was redeemed.
pub(super) async fn forget(app: &App, code: &str) -> Result<(), TokenError> {
    let key = key(code);
    let mut batch = Batch::new();
    if let Some((pending, revision)) = read(app, &key).await? {
        // Of two polls at once only one gets the tokens.
        batch = batch
            .remove(USER_CODES, &pending.user_code)
            .remove_if(CODES, &key, revision);
    }
    Ok(app.meta().commit(batch).await.map_err(Error::from)?)
}

/// Lets whoever polls with a code act as a person; false if there is no such code.
pub(super) async fn approve(
    app: &App,
    user_code: &str,
    object_id: &str,
    user_name: &str,
) -> Result<bool, Error> {
    let typed: String = user_code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let Some(document) = app.meta().get(USER_CODES, &typed).await? else {
        return Ok(false);
    };
    let (key, end) = (
        document.parse::<String>()?,
        document.expires_at_ms.unwrap_or(i64::MAX),
    );
    let Some((mut pending, _)) = read(app, &key).await? else {
        return Ok(false);
    };
    pending.state = State::Approved {
        object_id: object_id.to_owned(),
        user_name: user_name.to_owned(),
    };
    let batch = Batch::new()
        .remove(USER_CODES, &typed)
        .put_until(CODES, &key, &pending, end);
    app.meta().commit(batch).await?;
    Ok(true)
}

async fn read(app: &App, key: &str) -> Result<Option<(Pending, i64)>, Error> {
    let now = app.now().timestamp_millis();
    match app.meta().get(CODES, key).await? {
        Some(document) if document.expires_at_ms.is_none_or(|end| now < end) => {
            Ok(Some((document.parse()?, document.revision)))
        }
        _ => Ok(None),
    }
}

fn key(code: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, code.as_bytes()))
}
