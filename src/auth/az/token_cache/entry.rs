//! One identity's entries in MSAL's cache: which are its own, and how new ones are filed.

use crate::authority::Authority;
use crate::token::AccessToken;
use acr_http::Secret;
use serde_json::{Map, Value, json};

pub(super) const ACCESS: &str = "AccessToken";
pub(super) const REFRESH: &str = "RefreshToken";
const ID: &str = "IdToken";

/// The whole file: a table for each kind of entry.
pub(super) type Tables = Map<String, Value>;

/// Whose tokens are meant, as MSAL files them.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) authority: Authority,
    pub(crate) client_id: String,
    /// The person's account; an application has none.
    pub(crate) home_account_id: Option<String>,
}

/// A refresh token and the entry it stands in.
pub(crate) struct RefreshToken {
    pub(crate) secret: Secret,
    pub(super) key: String,
}

/// What a grant brought, to be written back.
pub(crate) struct Granted<'a> {
    pub(crate) token: &'a AccessToken,
    /// The scopes it is good for.
    pub(crate) target: String,
    pub(crate) id_token: Option<&'a str>,
    /// The refresh token that was used, and the one to use from now on.
    pub(crate) rotated: Option<(&'a RefreshToken, &'a str)>,
}

impl Identity {
    pub(super) fn owns(&self, entry: &Value) -> bool {
        is(entry, "environment", self.authority.host())
            && entry["home_account_id"].as_str() == self.home_account_id.as_deref()
    }

    /// Tokens bound to a key or to further request parameters are for special uses.
    pub(super) fn owns_access(&self, entry: &Value) -> bool {
        self.owns(entry)
            && is(entry, "client_id", &self.client_id)
            && is(entry, "realm", self.authority.tenant())
            && entry.get("ext_cache_key").is_none()
            && entry.get("key_id").is_none()
    }

    pub(super) fn add(&self, tables: &mut Tables, granted: &Granted<'_>, now: i64) {
        let expires_on = granted.token.expires_at.timestamp().to_string();
        let access = json!({
            "credential_type": ACCESS,
            "secret": granted.token.secret.expose(),
            "home_account_id": self.home_account_id,
            "environment": self.authority.host(),
            "client_id": self.client_id,
            "target": granted.target,
            "realm": self.authority.tenant(),
            "token_type": "Bearer",
            "cached_at": now.to_string(),
            "expires_on": expires_on,
            "extended_expires_on": expires_on,
        });
        put(tables, ACCESS, self.key(ACCESS, &granted.target), access);
        if let Some(id_token) = granted.id_token {
            let entry = json!({
                "credential_type": ID,
                "secret": id_token,
                "home_account_id": self.home_account_id,
                "environment": self.authority.host(),
                "realm": self.authority.tenant(),
                "client_id": self.client_id,
            });
            put(tables, ID, self.key(ID, ""), entry);
        }
        // A logout in the meantime took the entry away; it must not come back.
        let refresh = granted.rotated.and_then(|(used, new)| {
            let table = tables.get_mut(REFRESH)?.as_object_mut()?;
            Some((table.get_mut(&used.key)?.as_object_mut()?, new))
        });
        if let Some((entry, new)) = refresh {
            entry.insert("secret".to_owned(), new.into());
            entry.insert("last_modification_time".to_owned(), now.to_string().into());
        }
    }

    fn key(&self, kind: &str, target: &str) -> String {
        let home = self.home_account_id.as_deref().unwrap_or_default();
        let (host, tenant) = (self.authority.host(), self.authority.tenant());
        let parts = [home, host, kind, &self.client_id, tenant, target];
        parts.join("-").to_lowercase()
    }
}

fn put(tables: &mut Tables, table: &str, key: String, entry: Value) {
    let table = tables.entry(table).or_insert_with(|| json!({}));
    if let Some(table) = table.as_object_mut() {
        table.insert(key, entry);
    }
}

/// Whether a member of an entry is this text, whatever its case.
pub(super) fn is(entry: &Value, name: &str, wanted: &str) -> bool {
    entry[name]
        .as_str()
        .is_some_and(|found| found.eq_ignore_ascii_case(wanted))
}

/// The schema has numbers as text; other writers have them as numbers.
pub(super) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}
