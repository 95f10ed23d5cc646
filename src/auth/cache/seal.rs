//! Sealing of the store with a key that lies elsewhere.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// The length of a key.
pub(crate) const KEY_BYTES: usize = 32;
/// Keeps a sealed store from being taken for anything else that the key may ever seal.
const PURPOSE: &[u8] = b"acr token store 1";

/// A key that seals and opens.
pub(crate) struct Seal(RandomizedNonceKey);

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// `None` if the key has the wrong length.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        RandomizedNonceKey::new(&AES_256_GCM, key).ok().map(Self)
    }

    /// `None` only if the crypto library fails.
    pub(crate) fn close(&self, plain: &[u8]) -> Option<String> {
        let mut sealed = plain.to_vec();
        let aad = Aad::from(PURPOSE);
        let nonce = self.0.seal_in_place_append_tag(aad, &mut sealed).ok()?;
        let mut whole = nonce.as_ref().to_vec();
        whole.extend(sealed);
        Some(STANDARD.encode(whole))
    }

    /// `None` if the text was sealed with another key, or changed since.
    pub(crate) fn open(&self, sealed: &str) -> Option<Vec<u8>> {
        let whole = STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = whole.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let plain = self.0.open_in_place(nonce, Aad::from(PURPOSE), &mut sealed);
        plain.ok().map(|plain| plain.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_opens_what_was_not_changed() {
        let seal = Seal::new(&[7; KEY_BYTES]).unwrap();
        let sealed = seal.close(b"hunter2").unwrap();
        assert_eq!(seal.open(&sealed).unwrap(), b"hunter2");
        assert_ne!(sealed, seal.close(b"hunter2").unwrap());
        assert!(Seal::new(&[8; KEY_BYTES]).unwrap().open(&sealed).is_none());
        let mut changed = STANDARD.decode(&sealed).unwrap();
        changed[NONCE_LEN] ^= 1;
        assert!(seal.open(&STANDARD.encode(changed)).is_none());
        assert!(seal.open("AAAA").is_none() && seal.open("?").is_none());
        assert!(Seal::new(b"short").is_none());
    }
}
