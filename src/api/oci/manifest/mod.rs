//! Manifests: what an image or an artifact consists of.

mod document;
mod error;
mod image;
mod index;
mod object;
mod parse;
mod reference;
#[cfg(test)]
mod tests;

pub use document::Manifest;
pub use error::InvalidManifest;
pub use image::ImageManifest;
pub use index::ImageIndex;
pub use parse::{MAX_DESCRIPTORS, MAX_MANIFEST_BYTES};
pub use reference::{ManifestReference, Role};
