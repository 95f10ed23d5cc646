//! The public keys of outside token services: pinned by configuration, or fetched and kept a while.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use acr_http::Retry;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{DecodingKey, jwk::JwkSet};
use serde::Deserialize;

use crate::app::App;

const TIMEOUT: Duration = Duration::from_secs(10);
const KEPT: TimeDelta = TimeDelta::minutes(10);
const MOST_KEYS: usize = 100;
const MOST_ISSUERS: usize = 1000;

/// One public key.
#[derive(Clone)]
pub struct OutsideKey {
    /// Its name in the headers of tokens.
    pub key_id: Option<String>,
    /// The key.
    pub key: DecodingKey,
}

/// The keys that were fetched.
#[derive(Default)]
pub struct KeyRing(Mutex<HashMap<String, Fetched>>);

struct Fetched {
    at: DateTime<Utc>,
    keys: Vec<OutsideKey>,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

/// The keys of an issuer, or why there are none.
pub async fn outside_keys(app: &App, issuer: &str) -> Result<Vec<OutsideKey>, String> {
    let trusted = app
        .settings()
        .trusted_issuers
        .iter()
        .find(|known| known.issuer == issuer);
    if let Some(pinned) = trusted.and_then(|trusted| trusted.jwks.as_ref()) {
        return Ok(keys(pinned));
    }
    if trusted.is_none() && !issuer.starts_with("https://") {
        return Err("the issuer is neither reached by TLS nor trusted by configuration".to_owned());
    }
    let now = app.now();
    if let Some(kept) = app.key_ring().get(issuer, now) {
        return Ok(kept);
    }
    let fetched = keys(&fetch(app, issuer).await?);
    app.key_ring().keep(issuer, now, fetched.clone());
    Ok(fetched)
}

async fn fetch(app: &App, issuer: &str) -> Result<JwkSet, String> {
    let address = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    let discovery: Discovery = get(app, &address).await?;
    if discovery.issuer != issuer {
        return Err("its discovery document is of another issuer".to_owned());
    }
    if issuer.starts_with("https://") && !discovery.jwks_uri.starts_with("https://") {
        return Err("its keys are not behind TLS".to_owned());
    }
    get(app, &discovery.jwks_uri).await
}

async fn get<T: serde::de::DeserializeOwned>(app: &App, address: &str) -> Result<T, String> {
    let request = app
        .outbound()
        .get(address)
        .retry(Retry::NEVER)
        .timeout(TIMEOUT);
    let response = request.send().await.map_err(|error| error.to_string())?;
    if !response.status.is_success() {
        return Err(format!("{} answered {}", response.url(), response.status));
    }
    response.json().await.map_err(|error| error.to_string())
}

fn keys(set: &JwkSet) -> Vec<OutsideKey> {
    let usable = set.keys.iter().take(MOST_KEYS).filter_map(|key| {
        Some(OutsideKey {
            key_id: key.common.key_id.clone(),
            key: DecodingKey::from_jwk(key).ok()?,
        })
    });
    usable.collect()
}

impl KeyRing {
    fn get(&self, issuer: &str, now: DateTime<Utc>) -> Option<Vec<OutsideKey>> {
        let rings = self.0.lock().ok()?;
        let fetched = rings.get(issuer)?;
        (now - fetched.at < KEPT).then(|| fetched.keys.clone())
    }

    fn keep(&self, issuer: &str, now: DateTime<Utc>, keys: Vec<OutsideKey>) {
        let Ok(mut rings) = self.0.lock() else { return };
        if rings.len() >= MOST_ISSUERS {
            rings.clear();
        }
        rings.insert(issuer.to_owned(), Fetched { at: now, keys });
    }
}
