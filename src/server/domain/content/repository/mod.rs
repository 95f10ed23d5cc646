//! Repositories: names under which a registry keeps images.

mod attributes;
mod delete;
mod find;
mod list;
mod record;
mod retire;

pub use attributes::{attributes, change};
pub use delete::delete;
pub use find::{find, find_holder};
pub use list::list;
pub use record::Repository;

pub(super) use delete::abandon;
pub(super) use find::{find_any, find_or_begin, find_whole};
pub(super) use record::{Burial, Deleted, Dying, Record};
pub(super) use retire::retire;
