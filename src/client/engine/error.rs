//! What can go wrong with a container engine.

use std::io;

/// Why an engine gave or took no image.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be used.
    #[error("{name} is {given:?}, which {why}")]
    Address {
        /// The variable or setting that holds it.
        name: String,
        /// The address.
        given: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Nobody answers where an engine should.
    #[error("no container engine answers at {place}: {why}")]
    Away {
        /// Where.
        place: String,
        /// Why not.
        why: String,
    },
    /// No engine is there at all.
    #[error("no container engine answers; looked at {}", .0.join(", "))]
    Nowhere(Vec<String>),
    /// The engine has no such image.
    #[error("the engine at {place} has no image {image}")]
    NoImage {
        /// Where the engine is.
        place: String,
        /// What was asked for.
        image: String,
    },
    /// The engine refused.
    #[error("the engine at {place} refused to {doing}: {said}")]
    Refused {
        /// Where the engine is.
        place: String,
        /// What was tried.
        doing: String,
        /// What it said.
        said: String,
    },
    /// The conversation broke off.
    #[error(transparent)]
    Transport(#[from] acr_http::Error),
    /// The archive on this side cannot be read.
    #[error("{place}: {source}")]
    File {
        /// The file.
        place: String,
        /// What the system says.
        source: io::Error,
    },
}
