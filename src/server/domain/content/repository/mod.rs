//! Repositories: names under which a registry keeps images.

mod attributes;
mod delete;
mod list;
mod record;

pub use attributes::{attributes, change};
pub use delete::delete;
pub use list::list;
pub use record::{Repository, find};

pub(super) use delete::abandon;
pub(super) use record::{Burial, Deleted, Record, find_any, find_or_begin};
