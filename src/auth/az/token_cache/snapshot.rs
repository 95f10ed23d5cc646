//! The cache file: read as it is at one moment, changed in turn with az.
//!
//! The file is one JSON object with a table per kind of entry. Tables and members this program does not
//! know stay as they are.

use super::entry::{ACCESS, Granted, Identity, REFRESH, RefreshToken, Tables, is, number};
use crate::authority::Authority;
use crate::az::config::Config;
use crate::az::secret_file::SecretFile;
use crate::environment::Environment;
use crate::error::Error;
use crate::file;
use crate::link::Link;
use crate::lock::{LockFile, PATIENCE};
use crate::scope::Scope;
use crate::token::AccessToken;
use acr_http::Secret;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use serde_json::ser::PrettyFormatter;
use std::path::Path;
use std::time::Duration;

const LINK: Link = Link::AzProfile;
/// az writes the file in place, so it can be caught half written.
const READ_ATTEMPTS: usize = 5;
const READ_PAUSE: Duration = Duration::from_millis(100);

/// A snapshot of the cache. There is no `Debug`: nearly all of it is secret.
pub(crate) struct TokenCache {
    store: SecretFile,
    tables: Tables,
}

impl TokenCache {
    pub(crate) async fn load(environment: &Environment, config: &Config) -> Result<Self, Error> {
        let store = SecretFile::locate(environment, config, "msal_token_cache")?;
        let tables = read(&store).await?;
        Ok(Self { store, tables })
    }

    /// The account of a person who signed in with this name.
    pub(crate) fn home_account_id(
        &self,
        authority: &Authority,
        username: &str,
    ) -> Result<String, Error> {
        let mut found: Vec<&str> = self
            .entries("Account")
            .map(|(_, entry)| entry)
            .filter(|entry| is(entry, "environment", authority.host()))
            .filter(|entry| matches!(entry["authority_type"].as_str(), Some("MSSTS" | "ADFS")))
            .filter(|entry| {
                let name = entry["username"].as_str().unwrap_or_default();
                name.to_lowercase() == username.to_lowercase()
            })
            .filter_map(|entry| entry["home_account_id"].as_str())
            .collect();
        found.sort_unstable();
        found.dedup();
        match found[..] {
            [only] => Ok(only.to_owned()),
            [] => Err(Error::setup(
                LINK,
                format!(
                    "{username} is in its profile but not in its token cache for {}",
                    authority.host()
                ),
            )),
            _ => Err(Error::setup(
                LINK,
                format!("its token cache knows {username} several times"),
            )),
        }
    }

    /// A token that az fetched and that still has time left.
    pub(crate) fn access_token(
        &self,
        identity: &Identity,
        scope: &Scope,
        now: DateTime<Utc>,
    ) -> Option<AccessToken> {
        self.entries(ACCESS)
            .map(|(_, entry)| entry)
            .filter(|entry| identity.owns_access(entry))
            .filter(|entry| {
                let target = entry["target"].as_str().unwrap_or_default();
                target.split_whitespace().any(|one| one == scope.as_str())
            })
            .filter_map(|entry| {
                Some(AccessToken {
                    secret: Secret::new(entry["secret"].as_str()?),
                    expires_at: DateTime::from_timestamp(number(&entry["expires_on"])?, 0)?,
                    source: LINK,
                })
            })
            .find(|token| token.is_fresh(now))
    }

    /// The refresh tokens that may serve, the newest first: those of the client itself, and those of
    /// the family of Microsoft's own clients, which any member may use.
    pub(crate) fn refresh_tokens(&self, identity: &Identity) -> Vec<RefreshToken> {
        let mut found: Vec<_> = self
            .entries(REFRESH)
            .filter(|(_, entry)| identity.owns(entry))
            .filter(|(_, entry)| {
                is(entry, "client_id", &identity.client_id) || entry["family_id"].is_string()
            })
            .collect();
        found.sort_by_key(|(_, entry)| -number(&entry["last_modification_time"]).unwrap_or(0));
        let token = |(key, entry): (&String, &Value)| {
            Some(RefreshToken {
                secret: Secret::new(entry["secret"].as_str()?),
                key: key.clone(),
            })
        };
        found.into_iter().filter_map(token).collect()
    }

    /// Writes what a grant brought into the cache as it is by now, in turn with az.
    pub(crate) async fn store(
        &self,
        identity: &Identity,
        granted: &Granted<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let Some(path) = self.store.path() else {
            return Ok(());
        };
        let failed = |source| Error::file(LINK, path, source);
        let _lock = LockFile::acquire(path, PATIENCE).await.map_err(failed)?;
        let mut tables = read(&self.store).await?;
        identity.add(&mut tables, granted, now.timestamp());
        write(path, &tables).map_err(failed)
    }

    fn entries(&self, table: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.tables
            .get(table)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
    }
}

async fn read(store: &SecretFile) -> Result<Tables, Error> {
    let mut text = String::new();
    for attempt in 1..=READ_ATTEMPTS {
        let Some(found) = store.read()? else {
            return Ok(Tables::new());
        };
        if let Ok(Value::Object(tables)) = serde_json::from_str(&found) {
            return Ok(tables);
        }
        text = found;
        if attempt < READ_ATTEMPTS {
            tokio::time::sleep(READ_PAUSE).await;
        }
    }
    match text.trim().is_empty() {
        true => Ok(Tables::new()),
        false => Err(Error::setup(LINK, "its token cache is broken")),
    }
}

fn write(path: &Path, tables: &Tables) -> std::io::Result<()> {
    let mut text = Vec::new();
    let layout = PrettyFormatter::with_indent(b"    ");
    let mut writer = serde_json::Serializer::with_formatter(&mut text, layout);
    tables
        .serialize(&mut writer)
        .map_err(std::io::Error::other)?;
    file::replace(path, &text)
}
