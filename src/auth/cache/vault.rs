//! The store on disk: one file, for its owner alone, sealed where the platform has a keyring.

use super::content::{Content, StoredLogin, TokenKey};
use super::keyring;
use super::seal::Seal;
use crate::context::Clock;
use crate::file;
use crate::link::Link;
use crate::lock::{LockFile, PATIENCE};
use crate::token::AccessToken;
use ::keyring::CredentialStore;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

const LARGEST_STORE_BYTES: u64 = 16 * 1024 * 1024;
pub(super) const FILE: &str = "tokens.json";

/// Opens the keyring, if there is one.
pub(super) type Keyring = fn() -> Option<Arc<CredentialStore>>;

/// The store. Nothing is opened, the keyring least of all, before a secret is needed.
#[derive(Debug)]
pub(crate) struct Vault {
    path: PathBuf,
    keyring: Keyring,
    seal: OnceLock<Option<Seal>>,
    clock: Clock,
}

impl Vault {
    /// The store in a folder, sealed if the platform has a keyring.
    pub(crate) fn new(folder: &Path, clock: Clock) -> Self {
        Self::with_keyring(folder, clock, keyring::platform_store)
    }

    /// The store in a folder, sealed if there is a keyring.
    pub(super) fn with_keyring(folder: &Path, clock: Clock, keyring: Keyring) -> Self {
        Self {
            path: folder.join(FILE),
            keyring,
            seal: OnceLock::new(),
            clock,
        }
    }

    /// A stored token with enough time left.
    pub(crate) fn token(&self, key: &TokenKey, source: Link) -> Option<AccessToken> {
        let token = self.read().token(key, source)?;
        token.is_fresh(self.now()).then_some(token)
    }

    pub(crate) fn login(&self, authority: &str) -> Option<StoredLogin> {
        self.read().login(authority).cloned()
    }

    /// Stores a token. That it cannot be stored is no reason not to use it.
    pub(crate) async fn put_token(&self, key: &TokenKey, token: &AccessToken) {
        self.update(|content| content.put_token(key, token)).await;
    }

    pub(crate) async fn put_login(&self, authority: &str, login: StoredLogin) {
        self.update(|content| content.put_login(authority, login))
            .await;
    }

    /// Whether there was one.
    pub(crate) async fn remove_login(&self, authority: &str) -> bool {
        let mut was_there = false;
        self.update(|content| was_there = content.remove_login(authority))
            .await;
        was_there
    }

    fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    async fn update(&self, change: impl FnOnce(&mut Content)) {
        let result = match LockFile::acquire(&self.path, PATIENCE).await {
            Ok(_lock) => {
                let mut content = self.read();
                change(&mut content);
                content.prune(self.now());
                self.write(&content)
            }
            Err(error) => Err(error),
        };
        if let Err(error) = result {
            tracing::warn!(path = %self.path.display(), %error, "tokens cannot be stored");
        }
    }

    /// What the file holds; a file that is broken, foreign or open to others holds nothing.
    fn read(&self) -> Content {
        match self.try_read() {
            Ok(content) => content,
            Err(error) => {
                tracing::warn!(path = %self.path.display(), %error, "stored tokens are ignored");
                Content::default()
            }
        }
    }

    fn try_read(&self) -> io::Result<Content> {
        let Some(text) = file::read(&self.path, LARGEST_STORE_BYTES)? else {
            return Ok(Content::default());
        };
        let refused = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why);
        if !file::is_private(&self.path)? {
            return Err(refused("others may read or change it"));
        }
        let value: Value = serde_json::from_slice(&text).map_err(|_| refused("it is no JSON"))?;
        let plain = match (value["sealed"].as_str(), self.seal()) {
            (Some(sealed), Some(seal)) => seal
                .open(sealed)
                .ok_or_else(|| refused("the key in the keyring does not open it"))?,
            (Some(_), None) => return Err(refused("there is no keyring to open it")),
            (None, _) => text,
        };
        serde_json::from_slice(&plain).map_err(|_| refused("it is of another make"))
    }

    fn write(&self, content: &Content) -> io::Result<()> {
        let mut text = serde_json::to_vec(content)?;
        if let Some(seal) = self.seal() {
            let sealed = seal
                .close(&text)
                .ok_or_else(|| io::Error::other("sealing failed"))?;
            text = serde_json::to_vec(&json!({ "sealed": sealed }))?;
        }
        file::replace(&self.path, &text)
    }

    fn seal(&self) -> Option<&Seal> {
        let open = || keyring::seal(&*(self.keyring)()?);
        self.seal.get_or_init(open).as_ref()
    }
}
