//! Manifests: what repositories keep of images and artifacts.

mod attributes;
mod burial;
mod delete;
mod group;
mod list;
mod place;
mod platform;
mod prepare;
mod push;
mod quarantine;
mod record;
mod removal;
#[cfg(test)]
mod tests;

pub use attributes::{attributes, change};
pub use delete::delete;
pub use list::list;
pub use push::{Push, Pushed, push};
pub use quarantine::check as check_quarantine;
pub use record::{Content, Found, content, find};

pub(super) use burial::{bury, has_other};
pub(super) use group::{root, with_referrers};
pub(super) use place::{renew, revive};
pub(super) use record::{Record, content_of, look_up};
pub(super) use removal::{AT_ONCE, forget, removal, remove};
