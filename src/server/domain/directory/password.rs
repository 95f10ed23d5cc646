//! Passwords of users: chosen by people, so they are kept under a slow hash.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::domain::{Error, random};

const ITERATIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(599_999);
const LONGEST: usize = 256;

/// What is kept of a password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Password {
    iterations: NonZeroU32,
    salt: String,
    hash: String,
}

impl Password {
    /// Hashes a password; takes a moment of processor time.
    pub async fn keep(password: &str) -> Result<Self, Error> {
        if password.len() < 8 || password.len() > LONGEST {
            return Err(Error::invalid(
                "Request_BadRequest",
                format!("A password has 8 to {LONGEST} characters."),
            ));
        }
        let salt = random::bytes::<16>()?;
        let text = password.to_owned();
        let hash = offload(move || {
            let mut hash = [0_u8; 32];
            pbkdf2::derive(
                pbkdf2::PBKDF2_HMAC_SHA256,
                ITERATIONS,
                &salt,
                text.as_bytes(),
                &mut hash,
            );
            hash
        })
        .await?;
        Ok(Self {
            iterations: ITERATIONS,
            salt: URL_SAFE_NO_PAD.encode(salt),
            hash: URL_SAFE_NO_PAD.encode(hash),
        })
    }

    /// Whether this is the password; takes a moment of processor time.
    pub async fn is(&self, password: &str) -> Result<bool, Error> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        let salt = URL_SAFE_NO_PAD
            .decode(&self.salt)
            .map_err(Error::internal)?;
        let hash = URL_SAFE_NO_PAD
            .decode(&self.hash)
            .map_err(Error::internal)?;
        let (iterations, text) = (self.iterations, password.to_owned());
        offload(move || {
            pbkdf2::verify(
                pbkdf2::PBKDF2_HMAC_SHA256,
                iterations,
                &salt,
                text.as_bytes(),
                &hash,
            )
            .is_ok()
        })
        .await
    }
}

async fn offload<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::Password;

    #[tokio::test]
    async fn knows_its_password_and_no_other() {
        let kept = Password::keep("correct horse").await.unwrap();
        assert!(kept.is("correct horse").await.unwrap());
        assert!(!kept.is("correct horsf").await.unwrap());
        assert!(Password::keep("short").await.is_err());
    }
}
