//! A manifest of any of the four accepted forms, and what all of them can be asked.

use super::{ImageIndex, ImageManifest};
use crate::oci::{Annotations, Descriptor, media_type};

/// A manifest that was read and found valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manifest {
    /// An OCI image manifest.
    Image(ImageManifest),
    /// An OCI image index.
    Index(ImageIndex),
    /// A Docker image manifest, schema 2.
    DockerImage(ImageManifest),
    /// A Docker manifest list.
    DockerList(ImageIndex),
}

impl Manifest {
    /// The media type it is served as.
    pub fn media_type(&self) -> &'static str {
        match self {
            Self::Image(_) => media_type::IMAGE_MANIFEST,
            Self::Index(_) => media_type::IMAGE_INDEX,
            Self::DockerImage(_) => media_type::DOCKER_MANIFEST,
            Self::DockerList(_) => media_type::DOCKER_MANIFEST_LIST,
        }
    }

    /// The image, unless it is a list.
    pub fn as_image(&self) -> Option<&ImageManifest> {
        match self {
            Self::Image(image) | Self::DockerImage(image) => Some(image),
            Self::Index(_) | Self::DockerList(_) => None,
        }
    }

    /// The list, unless it is an image.
    pub fn as_index(&self) -> Option<&ImageIndex> {
        match self {
            Self::Index(index) | Self::DockerList(index) => Some(index),
            Self::Image(_) | Self::DockerImage(_) => None,
        }
    }

    /// The manifest this one is about. Only the OCI forms have that member.
    pub fn subject(&self) -> Option<&Descriptor> {
        match self {
            Self::Image(image) => image.subject.as_ref(),
            Self::Index(index) => index.subject.as_ref(),
            Self::DockerImage(_) | Self::DockerList(_) => None,
        }
    }

    /// The notes on the manifest itself.
    pub fn annotations(&self) -> &Annotations {
        match self {
            Self::Image(image) | Self::DockerImage(image) => &image.annotations,
            Self::Index(index) | Self::DockerList(index) => &index.annotations,
        }
    }

    /// What it is listed as among the referrers of its subject: its artifact type, else what the
    /// configuration of an image says; an index without the member has none.
    pub fn artifact_type(&self) -> Option<&str> {
        let (own, fallback) = match self {
            Self::Image(image) => (&image.artifact_type, Some(&image.config.media_type)),
            Self::DockerImage(image) => (&None, Some(&image.config.media_type)),
            Self::Index(index) => (&index.artifact_type, None),
            Self::DockerList(_) => (&None, None),
        };
        own.as_ref()
            .filter(|own| !own.is_empty())
            .or(fallback)
            .map(String::as_str)
    }
}
