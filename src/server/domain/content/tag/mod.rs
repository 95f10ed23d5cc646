//! Tags: names that point at manifests and can move.

mod attributes;
mod delete;
mod list;
mod point;
mod record;

pub use attributes::{attributes, change};
pub use delete::delete;
pub use list::{list, names};
pub use point::Naming;
pub use record::{Tagged, find};

pub(super) use list::names_of;
pub(super) use point::{Pointer, point};
pub(super) use record::{Record, of, removal};
