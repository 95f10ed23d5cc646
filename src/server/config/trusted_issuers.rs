//! `[[trusted_issuers]]` in the settings file: outside token services whose tokens stand for a secret.

use std::path::Path;

use jsonwebtoken::jwk::JwkSet;
use toml::{Spanned, de::DeValue};
use url::Url;

use super::value;
use crate::app::TrustedIssuer;

/// The key of the tables.
pub(super) const KEY: &str = "trusted_issuers";

/// A fault: the byte of the file it is at, and what is wrong there.
pub(super) type Fault = (usize, String);

/// Reads the tables in their order.
pub(super) fn read(tables: &Spanned<DeValue<'_>>) -> Result<Vec<TrustedIssuer>, Fault> {
    let DeValue::Array(tables) = tables.get_ref() else {
        return Err((tables.span().start, shape()));
    };
    let mut found: Vec<TrustedIssuer> = Vec::new();
    for table in tables.iter() {
        let trusted = read_one(table)?;
        if found.iter().any(|known| known.issuer == trusted.issuer) {
            let reason = format!("`{}` is trusted twice", trusted.issuer);
            return Err((table.span().start, reason));
        }
        found.push(trusted);
    }
    Ok(found)
}

fn read_one(table: &Spanned<DeValue<'_>>) -> Result<TrustedIssuer, Fault> {
    let DeValue::Table(members) = table.get_ref() else {
        return Err((table.span().start, shape()));
    };
    let (mut issuer, mut jwks) = (None, None);
    for (key, value) in members {
        let fault = |reason: String| (key.span().start, reason);
        let DeValue::String(text) = value.get_ref() else {
            return Err(fault(format!("`{}` must be a string", key.get_ref())));
        };
        match key.get_ref().as_ref() {
            "issuer" => issuer = Some(check_issuer(text).map_err(fault)?),
            "jwks_file" => jwks = Some(read_keys(text).map_err(fault)?),
            other => {
                let reason = format!("unknown key `{other}`; known are issuer, jwks_file");
                return Err(fault(reason));
            }
        }
    }
    match issuer {
        Some(issuer) => Ok(TrustedIssuer { issuer, jwks }),
        None => Err((table.span().start, shape())),
    }
}

/// Kept as it is written: tokens carry exactly this text.
fn check_issuer(text: &str) -> Result<String, String> {
    let is_address = Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "https" | "http")
            && url.query().is_none()
            && url.fragment().is_none()
    });
    if is_address {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "`{text}` is no issuer, like https://token.actions.githubusercontent.com"
        ))
    }
}

fn read_keys(file: &str) -> Result<JwkSet, String> {
    let path = value::path(file)?;
    let wrong = |path: &Path, reason: &dyn std::fmt::Display| {
        format!("no JSON Web Key Set in {}: {reason}", path.display())
    };
    let text = std::fs::read_to_string(&path).map_err(|error| wrong(&path, &error))?;
    let keys: JwkSet = serde_json::from_str(&text).map_err(|error| wrong(&path, &error))?;
    if keys.keys.is_empty() {
        return Err(wrong(&path, &"it holds no key"));
    }
    Ok(keys)
}

fn shape() -> String {
    "each trusted issuer is a table [[trusted_issuers]] with `issuer` and, if its keys are pinned, `jwks_file`"
        .to_owned()
}
