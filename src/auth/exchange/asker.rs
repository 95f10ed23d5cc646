//! Who asks a registry, as far as that is known before it is asked.

use super::service::AzureProof;
use super::token::payload;
use crate::claims::Claims;
use crate::token::AccessToken;
use serde::Deserialize;

/// An identity.
#[derive(Debug)]
pub(super) struct Asker {
    /// What tells it from every other.
    pub(super) key: AskerKey,
    /// In words.
    pub(super) shown: String,
    /// What is exchanged for a refresh token.
    pub(super) proof: AzureProof,
}

/// Parts of the name of a stored token. There is no `Debug` but this: some of them are secret.
pub(super) struct AskerKey(Vec<String>);

impl std::fmt::Debug for AskerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AskerKey")
    }
}

impl AskerKey {
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// What tells one identity of a tenant from another.
#[derive(Deserialize)]
struct Subject {
    oid: Option<String>,
    sub: Option<String>,
    appid: Option<String>,
}

impl Asker {
    /// Whoever an Azure token is about.
    pub(super) fn of(token: AccessToken, audience: &str) -> Self {
        let text = token.secret.expose();
        let claims = Claims::of(text).unwrap_or_default();
        let subject = payload::<Subject>(text);
        let ids = subject.map(|subject| [subject.oid, subject.sub, subject.appid]);
        let ids: Vec<String> = ids.into_iter().flatten().flatten().collect();
        let mut shown = match claims.username().or(ids.first().map(String::as_str)) {
            Some(name) => format!("{name} ({})", token.source),
            None => token.source.to_string(),
        };
        if let Some(tenant) = &claims.tid {
            shown += &format!(" of the tenant {tenant}");
        }
        let mut key = vec![audience.to_owned(), claims.tid.clone().unwrap_or_default()];
        match ids.is_empty() {
            // A token that does not say whose it is stands for itself.
            true => key.push(text.to_owned()),
            false => key.extend(ids),
        }
        Self {
            key: AskerKey(key),
            shown,
            proof: AzureProof {
                token: token.secret,
                tenant: claims.tid,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Link;
    use crate::testing::{jwt, now};
    use acr_http::Secret;
    use serde_json::{Value, json};

    fn asker(claims: Value) -> Asker {
        let token = AccessToken {
            secret: Secret::new(jwt(claims)),
            expires_at: now(),
            source: Link::AzProfile,
        };
        Asker::of(token, "aud")
    }

    fn key(asker: &Asker) -> Vec<&str> {
        asker.key.parts().collect()
    }

    #[test]
    fn an_identity_stays_the_same_over_its_tokens() {
        let first = asker(json!({"tid": "t", "oid": "o", "upn": "me@x", "exp": 1}));
        let second = asker(json!({"tid": "t", "oid": "o", "upn": "me@x", "exp": 2}));
        assert_eq!(key(&first), ["aud", "t", "o"]);
        assert_eq!(key(&first), key(&second));
        assert_eq!(
            first.shown,
            "me@x (the login of the Azure CLI) of the tenant t"
        );
        let silent = asker(json!({"exp": 1}));
        assert_eq!(silent.shown, "the login of the Azure CLI");
        assert_ne!(key(&silent), key(&asker(json!({"exp": 2}))));
    }
}
