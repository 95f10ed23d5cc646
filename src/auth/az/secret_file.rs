//! Where az keeps what is secret: a plain file, or what its platform encrypts with.

use super::config::Config;
use crate::environment::Environment;
use crate::error::Error;
use crate::file;
use crate::link::Link;
use std::path::PathBuf;

const LARGEST_SECRETS_BYTES: u64 = 64 * 1024 * 1024;

/// One of az's secret stores.
#[derive(Debug, Clone)]
pub(crate) enum SecretFile {
    /// A plain file.
    Plain(PathBuf),
    /// The one item that az keeps in the macOS keychain.
    Keychain,
}

impl SecretFile {
    /// The store of this name, as az's settings have it.
    pub(crate) fn locate(
        environment: &Environment,
        config: &Config,
        name: &str,
    ) -> Result<Self, Error> {
        if !config.encrypts_tokens()? {
            return Ok(Self::Plain(
                environment.azure_folder().join(format!("{name}.json")),
            ));
        }
        if cfg!(target_os = "macos") {
            return Ok(Self::Keychain);
        }
        Err(Error::setup(
            Link::AzProfile,
            "its tokens are encrypted in a way that only az can read here; run \
             `az config set core.encrypt_token_cache=false` and `az login`, or give a service principal in AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET",
        ))
    }

    /// Its content, if it was ever written.
    pub(crate) fn read(&self) -> Result<Option<String>, Error> {
        match self {
            Self::Plain(path) => file::read_text(path, LARGEST_SECRETS_BYTES)
                .map_err(|source| Error::file(Link::AzProfile, path, source)),
            Self::Keychain => crate::cache::az_keychain_item().map_err(|error| {
                Error::setup(
                    Link::AzProfile,
                    format!("the keychain does not open: {error}"),
                )
            }),
        }
    }

    /// The file that may be written to; the keychain item is az's alone.
    pub(crate) fn path(&self) -> Option<&PathBuf> {
        match self {
            Self::Plain(path) => Some(path),
            Self::Keychain => None,
        }
    }
}
