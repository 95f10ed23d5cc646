//! What the store holds.

use crate::link::Link;
use crate::token::AccessToken;
use acr_http::Secret;
use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Access tokens by key, and logins by authority. There is no `Debug`: all of it is secret.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Content {
    #[serde(default)]
    tokens: BTreeMap<String, StoredToken>,
    #[serde(default)]
    logins: BTreeMap<String, StoredLogin>,
}

#[derive(Serialize, Deserialize)]
struct StoredToken {
    secret: String,
    expires_on: i64,
}

/// A person's login by device code.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredLogin {
    pub(crate) tenant: String,
    pub(crate) username: String,
    refresh_token: String,
}

impl fmt::Debug for StoredLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredLogin")
            .field("tenant", &self.tenant)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

impl StoredLogin {
    pub(crate) fn new(tenant: &str, username: &str, refresh_token: &str) -> Self {
        Self {
            tenant: tenant.to_owned(),
            username: username.to_owned(),
            refresh_token: refresh_token.to_owned(),
        }
    }

    pub(crate) fn refresh_token(&self) -> Secret {
        Secret::new(self.refresh_token.as_str())
    }

    pub(crate) fn renewed(&self, refresh_token: Secret) -> Self {
        Self::new(&self.tenant, &self.username, refresh_token.expose())
    }
}

/// Names a token by everything it depends on, without giving any of it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenKey(String);

impl TokenKey {
    pub(crate) fn of(parts: &[&str]) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        let hash = context.finish();
        Self(
            hash.as_ref()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }
}

impl Content {
    pub(crate) fn token(&self, key: &TokenKey, source: Link) -> Option<AccessToken> {
        let stored = self.tokens.get(&key.0)?;
        Some(AccessToken {
            secret: Secret::new(stored.secret.as_str()),
            expires_at: DateTime::from_timestamp(stored.expires_on, 0)?,
            source,
        })
    }

    pub(crate) fn put_token(&mut self, key: &TokenKey, token: &AccessToken) {
        let stored = StoredToken {
            secret: token.secret.expose().to_owned(),
            expires_on: token.expires_at.timestamp(),
        };
        self.tokens.insert(key.0.clone(), stored);
    }

    pub(crate) fn login(&self, authority: &str) -> Option<&StoredLogin> {
        self.logins.get(authority)
    }

    pub(crate) fn put_login(&mut self, authority: &str, login: StoredLogin) {
        self.logins.insert(authority.to_owned(), login);
    }

    /// Takes a login away, with all tokens: which of them it brought is not known.
    pub(crate) fn remove_login(&mut self, authority: &str) -> bool {
        self.tokens.clear();
        self.logins.remove(authority).is_some()
    }

    /// Drops tokens that no service takes any more.
    pub(crate) fn prune(&mut self, now: DateTime<Utc>) {
        self.tokens
            .retain(|_, token| token.expires_on > now.timestamp());
    }
}
