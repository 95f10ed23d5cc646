//! Azure's own API to the contents of a registry.

mod change;
mod handle;
mod manifests;
mod repository;
mod tags;

pub(super) use handle::handle;
