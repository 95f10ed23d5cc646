//! The key that the blobs of one owner are sealed with.

use std::fmt;

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};

use crate::blob::{Error, Key};

/// Bytes of a data key, and of the keys derived from it.
const KEY_BYTES: usize = 32;
/// What the derived keys are for; another form of sealing would use another word.
const PURPOSE: &[u8] = b"acr blob 1";

/// A data key; it is never printed, and each blob is sealed with a key derived from it.
#[derive(Clone)]
pub struct DataKey(Prk);

impl DataKey {
    /// Takes 32 random bytes.
    pub fn new(secret: &[u8; KEY_BYTES]) -> Self {
        Self(Salt::new(HKDF_SHA256, &[]).extract(secret))
    }

    pub(super) fn derive(&self, blob: &Key) -> Result<[u8; KEY_BYTES], Error> {
        let info = [PURPOSE, blob.as_str().as_bytes()];
        let mut derived = [0; KEY_BYTES];
        self.0
            .expand(&info, Length)
            .and_then(|key| key.fill(&mut derived))
            .map_err(|_| Error::invalid("key of a sealed blob"))?;
        Ok(derived)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey")
    }
}

struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        KEY_BYTES
    }
}
