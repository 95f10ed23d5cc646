//! Azure's own API to the contents of a registry.

mod change;
mod deleted;
mod handle;
mod manifests;
mod repository;
mod tags;

pub(super) use deleted::{deleted, repositories as deleted_repositories};
pub(super) use handle::handle;
