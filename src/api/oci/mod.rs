//! The words of the OCI distribution and image specifications.

mod descriptor;
mod digest;
mod error_body;
mod host;
mod image_name;
mod listing;
mod manifest;
pub mod media_type;
mod range;
mod reference;
mod repository_name;
mod tag;

pub use descriptor::{Annotations, Descriptor, Platform};
pub use digest::{Algorithm, Digest, InvalidDigest};
pub use error_body::{ErrorBody, ErrorCode, ErrorEntry};
pub use image_name::{ImageName, InvalidImageName};
pub use listing::{RepositoryList, TagList};
pub use manifest::{
    ImageIndex, ImageManifest, InvalidManifest, MAX_DESCRIPTORS, MAX_MANIFEST_BYTES, Manifest,
    ManifestReference, Role,
};
pub use range::{
    ByteRange, ContentRange, InvalidRange, MAX_RANGES, RangeRequest, Received, Selection,
};
pub use reference::{InvalidReference, Reference};
pub use repository_name::{InvalidRepositoryName, RepositoryName};
pub use tag::{InvalidTag, Tag};
