//! What can go wrong with the credentials of Docker and Podman. No variant ever holds a secret.

use super::own_program::OWN_PROGRAM;
use std::io;
use std::path::{Path, PathBuf};

/// Why credentials cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("cannot use {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file is no JSON.
    #[error("{} is no JSON: {source}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// A file is JSON but not of the shape that Docker gives it.
    #[error("{}: {what}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// Which part is wrong, and how.
        what: String,
    },
    /// A file names a program that is nowhere to be found.
    #[error("docker-credential-{name}, which is to answer for {host}, is not on the PATH{}", noted(.note))]
    Missing {
        /// The program, without its prefix.
        name: String,
        /// The registry.
        host: String,
        /// Where it was found but not believed.
        note: Option<String>,
    },
    /// A program cannot be started, gives no answer in time, or too long a one.
    #[error("docker-credential-{name} {action}: {why}")]
    Program {
        /// The program, without its prefix.
        name: String,
        /// What it was asked to do.
        action: &'static str,
        /// What went wrong.
        why: String,
    },
    /// The secret is too long for the Windows Credential Manager.
    #[error(
        "the credential of {host} has {bytes} bytes, and docker-credential-wincred keeps at most {most}"
    )]
    TooLong {
        /// The registry.
        host: String,
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
}

impl Error {
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }

    pub(super) fn shape(path: &Path, what: impl Into<String>) -> Self {
        Self::Shape {
            path: path.to_owned(),
            what: what.into(),
        }
    }

    /// What a person can do about it, one sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File { .. } => {
                "Check who owns the file and its folder, or name another with DOCKER_CONFIG or REGISTRY_AUTH_FILE."
            }
            Self::Syntax { .. } | Self::Shape { .. } => {
                "Correct the file by hand; it has been left as it was."
            }
            Self::Missing { name, .. } if name == OWN_PROGRAM => {
                "It is this program under another name: put a link into a folder on the PATH, as in \
                 `ln -s \"$(command -v acr)\" ~/.local/bin/docker-credential-acr`."
            }
            Self::Missing { .. } => {
                "Install the program, or take \"credsStore\" (or the registry's line in \"credHelpers\") out of the file."
            }
            Self::Program { .. } => {
                "Run the program by hand to see what it misses, or take \"credsStore\" (or the registry's line in \
                 \"credHelpers\") out of the file."
            }
            Self::TooLong { .. } => {
                "Let docker-credential-acr answer for this registry: it makes tokens when they are needed and stores none."
            }
        }
    }
}

fn noted(note: &Option<String>) -> String {
    note.iter().map(|note| format!(" ({note})")).collect()
}
