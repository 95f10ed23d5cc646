//! The generic part of every resource below a group: kinds, reading, writing, merging.

mod body;
mod kind;
mod merge;
mod read;
mod write;

pub use body::{decode, location, tags};
pub use kind::{Draft, Kind, Resolved};
pub use merge::merge_patch;
pub use read::{Asked, Found, Listing, PAGE_SIZE, get, list, list_stored};
pub use write::{Condition, Written, delete, patch, put};

/// The collection that holds resources of a type.
pub fn collection(kind: &str) -> String {
    format!("resource/{}", kind.to_ascii_lowercase())
}
