//! What `acr import` finds out before it asks the service, and how it asks for many images.
//!
//! ```text
//! --source, --registry, -u, -p ─▶ source: a registry of the subscription, or a host ─▶ body ─▶ importImage
//!                                    │                                                  ▲
//!                                    └─▶ contents: its tags, what refers to an image ───┘ one call each, a few at a time
//! ```
//!
//! The service takes one image at a time. So that this works on Azure too, the tags of a repository are listed
//! here, and each is a call of its own.

mod contents;
mod item;
mod many;
mod source;
mod target;

pub(crate) use item::{Extent, items};
pub(crate) use many::run;
pub(crate) use source::SourceArgs;
pub(crate) use target::TargetArgs;
