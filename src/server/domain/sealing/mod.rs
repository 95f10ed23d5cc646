//! Encryption at rest: whose key seals which blob, and what seals the keys.
//!
//! ```text
//! master key ──wraps──▶ data key of a registry ──seals──▶ its blobs
//! never stored            document `data-key`                 each names its data key
//! ```
//!
//! A server that is given a master key makes a data key for each registry when that one first takes a blob. Blobs that
//! were plain stay plain, and are read as what they are. A master key is replaced by putting a new one in front of it:
//! at the next start every data key is wrapped anew, and when none needs the old one, the log says that it can go.
//! The blobs themselves are not written again.

mod data_key;
mod master_key;
mod memory;
mod rewrap;

pub(crate) use data_key::{Seal, blobs, current, removal};
pub(crate) use master_key::MasterKeys;
pub(crate) use memory::Memory;
pub(crate) use rewrap::{Rewrapped, has_retiring, missing, rewrap, rewrap_all};
