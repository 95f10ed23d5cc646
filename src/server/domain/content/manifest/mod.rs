//! Manifests: what repositories keep of images and artifacts.

mod attributes;
mod delete;
mod list;
mod platform;
mod prepare;
mod push;
mod record;

pub use attributes::{attributes, change};
pub use delete::delete;
pub use list::list;
pub use push::{Push, Pushed, push};
pub use record::{Content, Found, content, find};

pub(super) use record::Record;
