//! Blobs: bytes that repositories share within a registry.

mod delete;
mod link;
mod mount;
mod record;

pub use delete::delete;
pub use mount::{mount, mount_anywhere};
pub use record::{Linked, find, read};

pub(super) use link::{Stored, link};
pub(super) use record::{Record, look_up};
