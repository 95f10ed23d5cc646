//! The passwords of a token: shown once, kept as salted hashes beside the resource.

use acr_api::arm::{ResourceId, TokenPassword};
use acr_store::Batch;
use chrono::{DateTime, Utc};

use crate::{
    app::App,
    domain::{Error, directory::ClientSecret, registry, stamp},
};

const COLLECTION: &str = "token-password";
/// The passwords that a token can have.
pub(super) const NAMES: [&str; 2] = ["password1", "password2"];

/// The passwords of a token with the revision they were read at, if it ever had one.
pub(super) struct Kept {
    pub(super) secrets: Vec<ClientSecret>,
    revision: Option<i64>,
}

/// Reads the passwords of a token.
pub(super) async fn read(app: &App, id: &ResourceId) -> Result<Kept, Error> {
    match app.meta().get(COLLECTION, &id.key()).await? {
        Some(document) => Ok(Kept {
            secrets: document.parse()?,
            revision: Some(document.revision),
        }),
        None => Ok(Kept {
            secrets: Vec::new(),
            revision: None,
        }),
    }
}

/// Makes a password; gives its row with the value in it.
pub(super) fn make(
    name: &str,
    now: DateTime<Utc>,
    expiry: Option<DateTime<Utc>>,
) -> Result<(TokenPassword, ClientSecret), Error> {
    let value = registry::new_password()?;
    let end = expiry.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let secret = ClientSecret::keep(&value, Some(name.to_owned()), now, end)?;
    let mut row = row(&secret);
    row.value = Some(value);
    Ok((row, secret))
}

/// A password as clients see it.
pub(super) fn row(secret: &ClientSecret) -> TokenPassword {
    let ends = secret.end != DateTime::<Utc>::MAX_UTC;
    TokenPassword {
        creation_time: Some(stamp::with_offset(secret.start)),
        expiry: ends.then(|| stamp::with_offset(secret.end)),
        name: secret.display_name.clone(),
        value: None,
    }
}

impl Kept {
    /// Adds to a batch what the passwords have become; nothing may have changed them meanwhile.
    pub(super) fn write(&self, id: &ResourceId, secrets: &[ClientSecret], batch: Batch) -> Batch {
        match self.revision {
            Some(revision) => batch.replace(COLLECTION, &id.key(), revision, &secrets),
            None => batch.insert(COLLECTION, &id.key(), &secrets),
        }
    }
}

/// Adds the end of a token's passwords to a batch.
pub(super) fn removal(id: &ResourceId, batch: Batch) -> Batch {
    batch.remove(COLLECTION, &id.key())
}

/// Adds to a batch the end of the passwords of all tokens of a registry.
pub(super) fn removal_below(registry: &str, batch: Batch) -> Batch {
    batch.remove_prefix(COLLECTION, &format!("{registry}/"))
}
