//! Manifests: what repositories keep of images and artifacts.

mod attributes;
mod delete;
mod list;
mod place;
mod platform;
mod prepare;
mod push;
mod quarantine;
mod record;

pub use attributes::{attributes, change};
pub use delete::delete;
pub use list::list;
pub use push::{Push, Pushed, push};
pub use quarantine::check as check_quarantine;
pub use record::{Content, Found, content, find};

pub(super) use delete::{forget, plan_removal, removal};
pub(super) use place::{renew, revive};
pub(super) use record::{Record, content_of, look_up};
