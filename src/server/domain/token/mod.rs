//! The tokens of this server: made, signed and read back; and the keys of other token services.

mod access;
mod outside;
mod signer;

pub use access::{AccessToken, Grantee, LIFETIME_SECONDS, Refusal, audiences, issue, verify};
pub use outside::{KeyRing, OutsideKey, outside_keys};
pub use signer::{Signer, public_keys};
