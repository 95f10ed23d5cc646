//! Blobs: bytes that repositories share within a registry.

mod announce;
mod delete;
mod forget;
mod link;
mod mount;
mod record;
mod release;
mod storage;

pub use announce::announce;
pub use delete::delete;
pub use mount::{mount, mount_anywhere};
pub use record::{Linked, find, read};

pub(super) use forget::{Orphan, is_held};
pub(super) use link::{Stored, link};
pub(super) use record::{Record, look_up};
pub(super) use release::{Owner, Release, is_needed, release};
#[cfg(test)]
pub(super) use release::{mark, remove};
pub(super) use storage::{condemn, is_condemned};
