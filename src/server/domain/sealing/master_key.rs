//! Master keys: read from what the operator gives, and what they wrap.

use std::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::domain::Error;

const KEY_BYTES: usize = 32;
const MOST_KEYS: usize = 16;
const ID_BYTES: usize = 8;

/// Secrets as they are before they are wrapped.
pub(super) type Plain = [u8; KEY_BYTES];

/// The master key in use, and those before it that may still be needed. It never shows itself.
pub struct MasterKeys(Vec<MasterKey>);

struct MasterKey {
    id: String,
    key: RandomizedNonceKey,
}

/// Why something is no master key. It holds nothing of what was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMasterKey {
    /// There is no line with a key.
    #[error("it holds no key; `openssl rand -base64 32` makes one")]
    Missing,
    /// A line is no key.
    #[error(
        "line {0} is not 32 bytes in base64 or hexadecimal; `openssl rand -base64 32` makes a key"
    )]
    Line(usize),
    /// Nobody has so many.
    #[error("it holds more than {MOST_KEYS} keys")]
    TooMany,
}

impl MasterKeys {
    /// Reads one key a line, the one in use first; empty lines and those that begin with `#` are skipped.
    pub fn parse(text: &str) -> Result<Self, InvalidMasterKey> {
        let mut keys = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let secret = decode(line).ok_or(InvalidMasterKey::Line(number + 1))?;
            keys.push(MasterKey::new(&secret).ok_or(InvalidMasterKey::Line(number + 1))?);
            if keys.len() > MOST_KEYS {
                return Err(InvalidMasterKey::TooMany);
            }
        }
        match keys.is_empty() {
            true => Err(InvalidMasterKey::Missing),
            false => Ok(Self(keys)),
        }
    }

    /// What the key in use is called in logs and documents.
    pub fn current(&self) -> &str {
        &self.0[0].id
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.0.iter().any(|key| key.id == id)
    }

    /// Wraps a secret with the key in use; `owner` must be named again to unwrap it.
    pub(super) fn wrap(&self, secret: &Plain, owner: &str) -> Result<String, Error> {
        let mut wrapped = secret.to_vec();
        let nonce = self.0[0]
            .key
            .seal_in_place_append_tag(Aad::from(owner.as_bytes()), &mut wrapped)
            .map_err(Error::internal)?;
        let bytes = [nonce.as_ref().as_slice(), &wrapped].concat();
        Ok(STANDARD.encode(bytes))
    }

    /// Unwraps what the key of this id has wrapped.
    pub(super) fn unwrap(&self, id: &str, wrapped: &str, owner: &str) -> Result<Plain, Error> {
        let damaged = || Error::internal("the data key of a registry cannot be unwrapped");
        let master = self.0.iter().find(|key| key.id == id);
        let master =
            master.ok_or_else(|| Error::internal(format!("master key {id} is missing")))?;
        let mut bytes = STANDARD.decode(wrapped).map_err(|_| damaged())?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN).ok_or_else(damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let plain = master
            .key
            .open_in_place(nonce, Aad::from(owner.as_bytes()), sealed)
            .map_err(|_| damaged())?;
        Plain::try_from(&*plain).map_err(|_| damaged())
    }
}

impl fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|key| &key.id))
            .finish()
    }
}

impl MasterKey {
    fn new(secret: &Plain) -> Option<Self> {
        let root = Salt::new(HKDF_SHA256, &[]).extract(secret);
        let id: [u8; ID_BYTES] = derive(&root, b"acr master key id")?;
        let wrapping: Plain = derive(&root, b"acr master key wrap")?;
        Some(Self {
            id: id.iter().map(|byte| format!("{byte:02x}")).collect(),
            key: RandomizedNonceKey::new(&AES_256_GCM, &wrapping).ok()?,
        })
    }
}

fn derive<const N: usize>(root: &Prk, purpose: &[u8]) -> Option<[u8; N]> {
    let mut derived = [0; N];
    let info = [purpose];
    let key = root.expand(&info, Length(N)).ok()?;
    key.fill(&mut derived).ok()?;
    Some(derived)
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn decode(line: &str) -> Option<Plain> {
    if line.len() == 2 * KEY_BYTES {
        let pairs = line.as_bytes().chunks(2);
        let bytes: Option<Vec<u8>> = pairs
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        return bytes?.try_into().ok();
    }
    STANDARD.decode(line).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const NEW: &str = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";

    fn keys(text: &str) -> MasterKeys {
        MasterKeys::parse(text).unwrap()
    }

    #[test]
    fn the_first_key_wraps_and_every_key_unwraps() {
        let wrapped = keys(OLD).wrap(&[7; 32], "registry").unwrap();
        let both = keys(&format!("# the new one\n{NEW}\n\n  {OLD}  \n"));
        assert_eq!(both.current(), keys(NEW).current());
        assert!(both.has(keys(OLD).current()));
        let old = keys(OLD);
        let unwrapped = both.unwrap(old.current(), &wrapped, "registry").unwrap();
        assert_eq!(unwrapped, [7; 32]);
        assert!(both.unwrap(both.current(), &wrapped, "registry").is_err());
        assert!(both.unwrap(old.current(), &wrapped, "another").is_err());
        let missing = keys(NEW).unwrap(old.current(), &wrapped, "registry");
        let said = missing.unwrap_err().to_string();
        assert!(!said.contains(OLD), "{said}");
        for damaged in ["", "AAAA", "!", &wrapped[4..]] {
            assert!(both.unwrap(old.current(), damaged, "registry").is_err());
        }
    }

    #[test]
    fn what_is_no_key_is_named_by_its_line_only() {
        let refused = |text: &str| MasterKeys::parse(text).unwrap_err();
        assert_eq!(refused("# nothing\n\n"), InvalidMasterKey::Missing);
        for line in ["secret", "AAAA", &NEW[1..], &format!("zz{}", &NEW[2..])] {
            assert_eq!(
                refused(&format!("{OLD}\n{line}")),
                InvalidMasterKey::Line(2)
            );
        }
        let many = format!("{OLD}\n").repeat(MOST_KEYS + 1);
        assert_eq!(refused(&many), InvalidMasterKey::TooMany);
        let shown = format!("{:?}", keys(OLD));
        assert!(!shown.contains(OLD) && shown.len() < 40, "{shown}");
    }
}
