//! Why an image did not get from here to there.

use crate::registry;
use acr_api::oci::{Digest, InvalidManifest};
use std::io;
use std::path::Path;

/// Why a transfer has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A registry refused, lied or could not be reached.
    #[error(transparent)]
    Registry(#[from] registry::Error),
    /// A file could not be read or written.
    #[error("{place}: {source}")]
    File {
        /// The file, folder or stream.
        place: String,
        /// What the system says.
        source: io::Error,
    },
    /// A folder or an archive is not what it should be.
    #[error("{place}: {reason}")]
    Archive {
        /// The folder or archive.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The bytes are not those that were named.
    #[error(transparent)]
    Damage(Box<registry::Damage>),
    /// A manifest cannot be used.
    #[error("{place}: {source}")]
    Manifest {
        /// Where it is from, and which it is.
        place: String,
        /// What is wrong with it.
        source: InvalidManifest,
    },
    /// The image is not there.
    #[error("{place} has no image {wanted}; it has {}", listed(.found))]
    NoImage {
        /// Where it was looked for.
        place: String,
        /// What was looked for.
        wanted: String,
        /// What is there instead.
        found: Vec<String>,
    },
    /// The image is not made for the platform.
    #[error("there is no image for {wanted}; there is one for {}", listed(.found))]
    NoPlatform {
        /// What was asked for.
        wanted: String,
        /// What it is made for.
        found: Vec<String>,
    },
    /// The form of the target cannot hold the image.
    #[error("{0}")]
    Unfit(String),
}

impl Error {
    pub(super) fn file(place: &Path, source: io::Error) -> Self {
        Self::File {
            place: place.display().to_string(),
            source,
        }
    }

    pub(super) fn damage(place: impl Into<String>, expected: Digest, actual: Digest) -> Self {
        Self::Damage(Box::new(registry::Damage {
            place: place.into(),
            expected,
            actual,
        }))
    }

    pub(super) fn manifest(place: &str, digest: &Digest, source: InvalidManifest) -> Self {
        Self::Manifest {
            place: format!("{place}: the manifest {digest}"),
            source,
        }
    }

    pub(super) fn unknown_archive(place: &str) -> Self {
        let reason = "it is neither an OCI layout, a docker-save archive nor a gzip of one";
        Self::archive(place, reason)
    }

    pub(super) fn archive(place: &str, reason: impl Into<String>) -> Self {
        Self::Archive {
            place: place.to_owned(),
            reason: reason.into(),
        }
    }
}

fn listed(found: &[String]) -> String {
    match found {
        [] => "none".to_owned(),
        found => found.join(", "),
    }
}
