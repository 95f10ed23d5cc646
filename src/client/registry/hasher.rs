//! Digests of bytes as they come.

use acr_api::oci::{Algorithm, Digest};
use aws_lc_rs::digest::{Context, SHA256, SHA512};
use std::fmt;

/// A digest under way.
#[derive(Clone)]
pub struct Hasher {
    algorithm: Algorithm,
    context: Context,
}

impl Hasher {
    /// Begins with nothing.
    pub fn new(algorithm: Algorithm) -> Self {
        let context = match algorithm {
            Algorithm::Sha256 => Context::new(&SHA256),
            Algorithm::Sha512 => Context::new(&SHA512),
        };
        Self { algorithm, context }
    }

    /// The digest of bytes that are all there.
    pub fn digest(algorithm: Algorithm, bytes: &[u8]) -> Digest {
        let mut hasher = Self::new(algorithm);
        hasher.update(bytes);
        hasher.finish()
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.context.update(bytes);
    }

    /// The digest of all bytes added.
    pub fn finish(self) -> Digest {
        let value = self.context.finish();
        let bytes = value.as_ref();
        match self.algorithm {
            Algorithm::Sha256 => Digest::Sha256(exactly(bytes)),
            Algorithm::Sha512 => Digest::Sha512(exactly(bytes)),
        }
    }
}

/// The hash has the length of its algorithm, so no byte is ever left out or made up.
fn exactly<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut value = [0; N];
    let length = bytes.len().min(N);
    value[..length].copy_from_slice(&bytes[..length]);
    value
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hasher({})", self.algorithm)
    }
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, Hasher};

    #[test]
    fn agrees_with_the_known_digests_of_nothing() {
        assert_eq!(
            Hasher::digest(Algorithm::Sha256, b"").to_string(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert!(
            Hasher::digest(Algorithm::Sha512, b"")
                .encoded()
                .starts_with("cf83e1357eefb8bd")
        );
    }

    #[test]
    fn pieces_make_the_whole() {
        let mut hasher = Hasher::new(Algorithm::Sha256);
        hasher.update(b"ab");
        hasher.update(b"c");
        assert_eq!(hasher.finish(), Hasher::digest(Algorithm::Sha256, b"abc"));
    }
}
