//! The words of `/acr/v1`, Azure's own interface to the contents of a registry.
//!
//! Its catalog is [`RepositoryList`](crate::oci::RepositoryList), its refusals are
//! [`ErrorBody`](crate::oci::ErrorBody). Members stand in the order in which the service writes them.
//! Names in answers are plain strings: a listing from elsewhere must not fail for one odd name.

mod attributes;
mod deleted;
mod manifest;
mod page;
mod repository;
mod tag;

pub use attributes::ChangeableAttributes;
pub use deleted::{
    DeletedManifest, DeletedManifestList, DeletedRepository, DeletedRepositoryList, DeletedTag,
    DeletedTagList, RestoreRequest,
};
pub use manifest::{ManifestAnswer, ManifestAttributes, ManifestChild, ManifestList};
pub use page::{InvalidOrder, Order, PageQuery};
pub use repository::{RepositoryAttributes, RepositoryDeletion};
pub use tag::{TagAnswer, TagAttributes, TagList};
