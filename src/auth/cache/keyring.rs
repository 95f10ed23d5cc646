//! The key to the store, kept in the keyring of the operating system where there is one that lasts.
//!
//! The keyring holds a key of 32 bytes and not the tokens: Windows' takes no more than 2,560 bytes, less
//! than two tokens, and every access can cost a question to the person. macOS and Windows have a keyring
//! that every program can rely on. Linux has not: the kernel's forgets everything at logout or reboot,
//! a login included, and often cannot even read back what it just stored; the Secret Service needs a
//! desktop session, is absent on the servers and build machines this program runs on most, and costs 65
//! crates. There the store is a file for its owner alone, as az's is.

use super::seal::{KEY_BYTES, Seal};
use aws_lc_rs::rand;
use keyring::{CredentialStore, Entry, Error};
use std::sync::Arc;

const SERVICE: &str = "acr";
const USER: &str = "token-store-key";
/// The names that az gives to its one item in the macOS keychain.
const AZ_ITEM: (&str, &str) = ("my_service_name", "my_account_name");

/// The platform's keyring.
pub(crate) fn platform_store() -> Option<Arc<CredentialStore>> {
    #[cfg(target_os = "macos")]
    {
        let store = apple_native_keyring_store::keychain::Store::new().ok()?;
        Some(store)
    }
    #[cfg(target_os = "windows")]
    {
        let store = windows_native_keyring_store::Store::new().ok()?;
        Some(store)
    }
    #[cfg(not(any(target_os = "macos", target_os = "windows")))]
    {
        None
    }
}

/// The seal whose key the keyring holds; a key is made on first use. `None` if the keyring does not
/// give back what it was given.
pub(crate) fn seal(store: &CredentialStore) -> Option<Seal> {
    let entry = store.build(SERVICE, USER, None).ok()?;
    match entry.get_secret() {
        Ok(key) => Seal::new(&key),
        Err(Error::NoEntry) => create(&entry),
        Err(error) => {
            tracing::debug!(%error, "the keyring cannot be used");
            None
        }
    }
}

fn create(entry: &Entry) -> Option<Seal> {
    let mut key = [0; KEY_BYTES];
    rand::fill(&mut key).ok()?;
    entry.set_secret(&key).ok()?;
    let read_back = entry.get_secret().ok()?;
    if read_back != key {
        return None;
    }
    Seal::new(&key)
}

/// What az keeps in the macOS keychain, if it does.
pub(crate) fn az_keychain_item() -> Result<Option<String>, Error> {
    let store = platform_store().ok_or(Error::NoDefaultStore)?;
    match store.build(AZ_ITEM.0, AZ_ITEM.1, None)?.get_password() {
        Ok(text) => Ok(Some(text)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_keyring_gives_the_same_seal() {
        let store = keyring::mock::Store::new().unwrap();
        let sealed = seal(&*store).unwrap().close(b"x").unwrap();
        assert_eq!(seal(&*store).unwrap().open(&sealed).unwrap(), b"x");
        let other = keyring::mock::Store::new().unwrap();
        assert!(seal(&*other).unwrap().open(&sealed).is_none());
    }

    #[test]
    fn a_keyring_that_fails_or_holds_something_else_is_not_used() {
        let store = keyring::mock::Store::new().unwrap();
        let entry = keyring::api::CredentialStoreApi::build(&*store, SERVICE, USER, None).unwrap();
        entry.set_secret(b"short").unwrap();
        assert!(seal(&*store).is_none());
        let credential: &keyring::mock::Cred = entry.as_any().downcast_ref().unwrap();
        credential.set_error(Error::NoStorageAccess("denied".into()));
        assert!(seal(&*store).is_none());
    }
}
