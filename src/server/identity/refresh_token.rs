//! Refresh tokens: each is for one use, and using one again ends the whole session, since then
//! somebody else has it too.

use acr_store::Batch;
use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{error::TokenError, session::Session};
use crate::{app::App, domain::random};

const TOKENS: &str = "refresh-token";
/// The sessions that go on; removing one ends all its tokens.
const FAMILIES: &str = "refresh-token/family";
const LIFETIME: TimeDelta = TimeDelta::days(90);
/// Two commands started at once use the same token; that is no theft.
const GRACE: TimeDelta = TimeDelta::minutes(2);

#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    family: String,
    session: Session,
    used: Option<DateTime<Utc>>,
}

/// A token that was taken.
pub(super) struct Redeemed {
    pub(super) family: String,
    pub(super) session: Session,
}

/// Makes a token for a session, a new one or one that goes on.
pub(super) async fn make(
    app: &App,
    session: &Session,
    family: Option<&str>,
) -> Result<String, TokenError> {
    let token = URL_SAFE_NO_PAD.encode(random::bytes::<48>()?);
    let family = family.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned);
    let end = (app.now() + LIFETIME).timestamp_millis();
    let stored = Stored {
        family: family.clone(),
        session: session.clone(),
        used: None,
    };
    let batch = Batch::new()
        .put_until(TOKENS, &key(&token), &stored, end)
        .put_until(FAMILIES, &family, &session.object_id, end);
    app.meta()
        .commit(batch)
        .await
        .map_err(crate::domain::Error::from)?;
    Ok(token)
}

/// Takes a token; the caller makes the next one.
pub(super) async fn redeem(
    app: &App,
    token: &str,
    client_id: &str,
) -> Result<Redeemed, TokenError> {
    let store = |error: acr_store::Error| TokenError::from(crate::domain::Error::from(error));
    let (key, now) = (key(token), app.now());
    let document = app.meta().get(TOKENS, &key).await.map_err(store)?;
    let Some(document) = document else {
        return Err(refuse(
            70_000,
            "The provided value for the 'refresh_token' parameter is not valid.",
        ));
    };
    let end = document.expires_at_ms.unwrap_or(i64::MAX);
    if end <= now.timestamp_millis() {
        return Err(refuse(
            70_043,
            "The refresh token has expired or is invalid due to sign-in frequency checks.",
        ));
    }
    let mut stored: Stored = document.parse().map_err(store)?;
    if stored.session.client_id != client_id {
        return Err(refuse(
            70_000,
            "The refresh token was issued to another client.",
        ));
    }
    if app
        .meta()
        .get(FAMILIES, &stored.family)
        .await
        .map_err(store)?
        .is_none()
    {
        return Err(refuse(50_173, "The session was ended. Sign in again."));
    }
    if stored.used.is_some_and(|used| now - used > GRACE) {
        let batch = Batch::new()
            .remove(FAMILIES, &stored.family)
            .remove(TOKENS, &key);
        app.meta().commit(batch).await.map_err(store)?;
        tracing::warn!(
            user = stored.session.user_name,
            "a refresh token was used twice; its session is ended"
        );
        return Err(refuse(
            50_173,
            "The refresh token was used before. Sign in again.",
        ));
    }
    if stored.used.is_none() {
        stored.used = Some(now);
        let batch = Batch::new().put_until(TOKENS, &key, &stored, end);
        app.meta().commit(batch).await.map_err(store)?;
    }
    Ok(Redeemed {
        family: stored.family,
        session: stored.session,
    })
}

fn refuse(number: i64, message: &str) -> TokenError {
    TokenError::new("invalid_grant", number, message)
}

/// Only a hash is stored: who reads the database cannot sign in with it.
fn key(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, token.as_bytes()))
}
