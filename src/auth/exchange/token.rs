//! Tokens of a registry: how long they last and what they open.

use acr_api::auth::{Action, Scope};
use acr_http::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The user name that says: the password is a token.
pub const TOKEN_USERNAME: &str = "00000000-0000-0000-0000-000000000000";
/// No token that a header could carry is longer.
const LONGEST_TOKEN_BYTES: usize = 64 * 1024;

/// A token that a registry gave out.
#[derive(Debug, Clone)]
pub struct RegistryToken {
    /// The token.
    pub secret: Secret,
    /// When the registry stops taking it, as the token itself says; the moment it came, if it does not.
    pub expires_at: DateTime<Utc>,
}

impl RegistryToken {
    /// Reads the end of a token from the token. `expires_in` counts where the token says nothing.
    pub(super) fn new(token: String, expires_in: Option<i64>, now: DateTime<Utc>) -> Self {
        let named = payload::<Claims>(&token).and_then(|claims| claims.exp);
        let counted = || now.checked_add_signed(TimeDelta::try_seconds(expires_in?)?);
        let expires_at = named
            .and_then(|end| DateTime::from_timestamp(end, 0))
            .or_else(counted)
            .unwrap_or(now);
        Self {
            secret: Secret::new(token),
            expires_at,
        }
    }

    pub(super) fn lasts(&self, least_left: TimeDelta, now: DateTime<Utc>) -> bool {
        self.expires_at - now >= least_left
    }

    /// Whether it says that it opens all of this. A token that says nothing is taken at its giver's word.
    pub(super) fn opens(&self, scopes: &[Scope]) -> bool {
        let claims: Option<Claims> = payload(self.secret.expose());
        let Some(granted) = claims.and_then(|claims| claims.access) else {
            return true;
        };
        scopes.iter().all(|scope| {
            let same = granted
                .iter()
                .filter(|grant| grant.kind == scope.kind && grant.name == scope.name);
            let actions: Vec<&Action> = same.flat_map(|grant| &grant.actions).collect();
            actions.contains(&&Action::All) || scope.actions.iter().all(|a| actions.contains(&a))
        })
    }
}

#[derive(Deserialize)]
struct Claims {
    exp: Option<i64>,
    access: Option<Vec<Scope>>,
}

/// The payload of a JWT, its signature unseen; `None` for anything else.
pub(super) fn payload<T: DeserializeOwned>(token: &str) -> Option<T> {
    if token.len() > LONGEST_TOKEN_BYTES {
        return None;
    }
    let mut parts = token.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, jwt, now};
    use serde_json::json;

    fn token(claims: serde_json::Value) -> RegistryToken {
        RegistryToken::new(jwt(claims), Some(60), now())
    }

    #[test]
    fn the_end_is_read_from_the_token_and_never_guessed() {
        let left = |token: RegistryToken| token.expires_at.timestamp() - NOW;
        assert_eq!(left(token(json!({"exp": NOW + 4321}))), 4321);
        assert_eq!(left(token(json!({}))), 60);
        let silent = RegistryToken::new("opaque".to_owned(), None, now());
        assert_eq!(left(silent.clone()), 0);
        assert!(!silent.lasts(TimeDelta::seconds(1), now()));
        let absurd = RegistryToken::new("opaque".to_owned(), Some(i64::MAX), now());
        assert_eq!(left(absurd), 0);
    }

    #[test]
    fn what_a_token_opens_is_compared_with_what_was_asked() {
        let scopes = |text: &str| Scope::parse_list(text).unwrap();
        let pull = token(json!({"access": [
            {"type": "repository", "name": "a", "actions": ["pull"]},
            {"Type": "repository", "Name": "a", "Actions": ["push"]},
            {"type": "registry", "name": "catalog", "actions": ["*"]},
        ]}));
        assert!(pull.opens(&[]));
        assert!(pull.opens(&scopes("repository:a:push,pull registry:catalog:*")));
        assert!(!pull.opens(&scopes("repository:a:pull,delete")));
        assert!(!pull.opens(&scopes("repository:a:pull repository:b:pull")));
        assert!(!token(json!({"access": []})).opens(&scopes("repository:a:pull")));
        assert!(token(json!({})).opens(&scopes("repository:a:pull")));
    }
}
