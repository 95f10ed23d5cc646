//! The API of the distribution specification.

mod begin_upload;
mod blob;
mod catalog;
mod digest;
mod manifest;
mod ping;
mod push_manifest;
mod referrers;
mod tags;
mod upload;

pub(super) use begin_upload::begin_upload;
pub(super) use blob::blob;
pub(super) use catalog::catalog;
pub(super) use manifest::manifest;
pub(super) use ping::ping;
pub(super) use referrers::referrers;
pub(super) use tags::tags;
pub(super) use upload::upload;

pub(super) use digest::{digest, tag};
