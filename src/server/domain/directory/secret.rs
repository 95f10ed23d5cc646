//! Client secrets: random, so a salted hash is enough to keep them.

use acr_http::Secret;
use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{Error, random};

/// What is kept of a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientSecret {
    /// Names it among the secrets of its application.
    pub key_id: String,
    /// What its owner calls it.
    pub display_name: Option<String>,
    /// Its first characters, for people to tell secrets apart.
    pub hint: String,
    /// From when it holds.
    pub start: DateTime<Utc>,
    /// Until when it holds.
    pub end: DateTime<Utc>,
    salt: String,
    hash: String,
}

impl ClientSecret {
    /// A new secret of 256 random bits, and what to keep of it.
    ///
    /// Of letters and digits alone: one that begins with `-` would pass for an option after `az login --password`.
    pub fn make(
        display_name: Option<String>,
        start: DateTime<Utc>,
        lifetime: TimeDelta,
    ) -> Result<(Secret, Self), Error> {
        let text = random::letters_and_digits(43)?;
        let hint = text.chars().take(3).collect();
        let kept = Self {
            hint,
            ..Self::keep(&text, display_name, start, start + lifetime)?
        };
        Ok((Secret::new(text), kept))
    }

    /// What to keep of a random text that is the secret, without a hint.
    pub(crate) fn keep(
        text: &str,
        display_name: Option<String>,
        start: DateTime<Utc>,
        end: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let salt = URL_SAFE_NO_PAD.encode(random::bytes::<16>()?);
        Ok(Self {
            key_id: Uuid::new_v4().to_string(),
            display_name,
            hint: String::new(),
            start,
            end,
            hash: URL_SAFE_NO_PAD.encode(hash(&salt, text)),
            salt,
        })
    }

    /// Whether this is the secret, in a time that does not tell how nearly.
    pub fn is(&self, secret: &str) -> bool {
        let kept = URL_SAFE_NO_PAD.decode(&self.hash).unwrap_or_default();
        verify_slices_are_equal(&kept, hash(&self.salt, secret).as_ref()).is_ok()
    }

    /// Whether the secret holds at a time.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.start <= now && now < self.end
    }
}

fn hash(salt: &str, secret: &str) -> digest::Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(salt.as_bytes());
    context.update(secret.as_bytes());
    context.finish()
}

#[cfg(test)]
mod tests {
    use super::ClientSecret;
    use chrono::TimeDelta;

    #[test]
    fn no_character_of_a_secret_means_something_on_a_command_line() {
        for _ in 0..32 {
            let now = "2026-01-01T00:00:00Z".parse().unwrap();
            let (secret, _) = ClientSecret::make(None, now, TimeDelta::days(1)).unwrap();
            assert!(secret.expose().bytes().all(|b| b.is_ascii_alphanumeric()));
            assert_eq!(secret.expose().len(), 43);
        }
    }

    #[test]
    fn knows_its_secret_and_no_other() {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let (secret, kept) = ClientSecret::make(None, now, TimeDelta::days(1)).unwrap();
        assert!(kept.is(secret.expose()));
        assert!(!kept.is("") && !kept.is(&secret.expose()[1..]));
        assert!(kept.holds(now) && !kept.holds(now + TimeDelta::days(1)));
        assert!(
            !serde_json::to_string(&kept)
                .unwrap()
                .contains(secret.expose())
        );
    }
}
