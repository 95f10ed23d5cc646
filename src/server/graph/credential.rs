//! Secrets and certificates of applications, as the directory writes them.

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::{
    Error,
    directory::{ClientSecret, KeyCredential},
};

const MOST_DAYS: i64 = 365 * 100;
const DEFAULT_DAYS: i64 = 365 * 2;

/// A secret or certificate as a client asks for it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Asked {
    pub(super) key_id: Option<String>,
    pub(super) display_name: Option<String>,
    start_date_time: Option<DateTime<Utc>>,
    end_date_time: Option<DateTime<Utc>>,
    key: Option<String>,
}

impl Asked {
    /// From when and for how long it is to hold.
    pub(super) fn period(&self, now: DateTime<Utc>) -> Result<(DateTime<Utc>, TimeDelta), Error> {
        let start = self.start_date_time.unwrap_or(now);
        let end = self
            .end_date_time
            .unwrap_or(start + TimeDelta::days(DEFAULT_DAYS));
        let lifetime = end - start;
        if lifetime <= TimeDelta::zero() || lifetime > TimeDelta::days(MOST_DAYS) {
            return Err(Error::invalid(
                "CredentialInvalidLifetime",
                "The credential must end after it starts, within 100 years.",
            ));
        }
        Ok((start, lifetime))
    }
}

/// A certificate: a new one, or one that is already there and named by its id.
pub(super) fn certificate(
    asked: &Asked,
    known: &[KeyCredential],
    now: DateTime<Utc>,
) -> Result<KeyCredential, Error> {
    let Some(key) = &asked.key else {
        let mut known = known.iter();
        return known
            .find(|known| Some(&known.key_id) == asked.key_id.as_ref())
            .cloned()
            .ok_or_else(|| Error::invalid("Request_BadRequest", "The key credential has no key."));
    };
    let der = der(key).ok_or_else(|| {
        Error::invalid(
            "KeyCredentialsInvalidCertificate",
            "The key is not an X.509 certificate: DER or PEM, in base64.",
        )
    })?;
    let (start, lifetime) = asked.period(now)?;
    Ok(KeyCredential {
        key_id: asked
            .key_id
            .clone()
            .unwrap_or_else(|| Uuid::new_v4().to_string()),
        display_name: asked.display_name.clone(),
        start,
        end: start + lifetime,
        certificate: STANDARD.encode(der),
    })
}

/// The certificate in a key, which az sends in lines and others wrap once more, as PEM.
fn der(key: &str) -> Option<Vec<u8>> {
    let text: String = key.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let mut bytes = STANDARD.decode(text).ok()?;
    if bytes.starts_with(b"-----BEGIN") {
        bytes = x509_parser::pem::parse_x509_pem(&bytes).ok()?.1.contents;
    }
    x509_parser::parse_x509_certificate(&bytes).ok()?;
    Some(bytes)
}

/// A secret as it is shown; its text only to whoever made it.
pub(super) fn show_secret(secret: &ClientSecret, text: Option<&str>) -> Value {
    json!({
        "customKeyIdentifier": Value::Null,
        "displayName": secret.display_name,
        "endDateTime": time(secret.end),
        "hint": secret.hint,
        "keyId": secret.key_id,
        "secretText": text,
        "startDateTime": time(secret.start),
    })
}

/// A certificate as it is shown.
pub(super) fn show_certificate(key: &KeyCredential) -> Value {
    let der = STANDARD.decode(&key.certificate).unwrap_or_default();
    let print = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &der);
    let hex: String = print
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    json!({
        "customKeyIdentifier": hex,
        "displayName": key.display_name,
        "endDateTime": time(key.end),
        "key": Value::Null,
        "keyId": key.key_id,
        "startDateTime": time(key.start),
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    })
}

/// Times of the directory: whole seconds, `Z`.
pub(super) fn time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
