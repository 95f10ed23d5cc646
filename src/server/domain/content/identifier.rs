//! Ids of repositories: short, random, never used again.

use crate::domain::{Error, random};

const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH: usize = 16;

/// An id that was never used.
pub(super) fn new() -> Result<String, Error> {
    random::text(ALPHABET, LENGTH)
}
