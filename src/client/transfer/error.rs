//! Why an image did not get from here to there.

use crate::registry;
use acr_api::oci::{Digest, InvalidManifest};
use std::path::Path;
use std::{fmt, io};

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
    /// Something in a layout folder or an archive is missing or damaged.
    #[error("{file}: {reason}; {remedy}")]
    Broken {
        /// The file, or the archive and what is in it.
        file: String,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        remedy: Remedy,
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
    #[error("{place} has no image{}{}", named(" ", .wanted), instead(.found))]
    NoImage {
        /// Where it was looked for.
        place: String,
        /// What was looked for.
        wanted: Option<String>,
        /// What is there instead.
        found: Vec<String>,
    },
    /// Several images are what was looked for.
    #[error("{place} has several images{}: {}", named(" called ", .wanted), .found.join(", "))]
    Ambiguous {
        /// Where it was looked for.
        place: String,
        /// What was looked for.
        wanted: Option<String>,
        /// What could be meant.
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

/// What makes a folder or an archive whole again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// A layout folder is completed.
    Folder,
    /// An archive is replaced.
    Archive,
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "pull or copy the image into the folder again",
            Self::Archive => "save or copy the archive again",
        })
    }
}

impl Remedy {
    /// The error about a file.
    pub(super) fn of(self, file: impl Into<String>, reason: impl Into<String>) -> Error {
        Error::Broken {
            file: file.into(),
            reason: reason.into(),
            remedy: self,
        }
    }

    /// The error about a file that cannot be read. One that is missing is not the system's fault.
    pub(super) fn of_reading(self, file: impl Into<String>, error: io::Error) -> Error {
        let file = file.into();
        match error.kind() {
            io::ErrorKind::NotFound => self.of(file, "it is missing"),
            io::ErrorKind::UnexpectedEof => self.of(file, "it breaks off before its end"),
            _ => Error::File {
                place: file,
                source: error,
            },
        }
    }

    /// The error about a file that is no JSON, or none of the kind it should be.
    pub(super) fn of_json(
        self,
        file: impl Into<String>,
        bytes: &[u8],
        why: impl fmt::Display,
    ) -> Error {
        match bytes.trim_ascii() {
            [] => self.of(file, "it is empty"),
            _ => self.of(file, why.to_string()),
        }
    }
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

fn named(before: &str, wanted: &Option<String>) -> String {
    let wanted = wanted.as_ref();
    wanted.map_or_else(String::new, |wanted| format!("{before}{wanted}"))
}

fn instead(found: &[String]) -> String {
    match found {
        [] => String::new(),
        found => format!("; it has {}", listed(found)),
    }
}
