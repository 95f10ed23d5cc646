//! Scope maps: named lists of what a token may do with which repositories.

mod action;
mod kind;
mod read;
mod system;

pub(crate) use action::Entry;
pub use kind::{ScopeMaps, TYPE, check_owner, removal_below};
pub(crate) use read::entries;
pub use read::{find, get, list};
