//! Digests and tags as clients send them.

use acr_api::oci::{Digest, ErrorCode, Tag};

use crate::domain::Error;

/// Reads a digest.
pub(crate) fn digest(text: &str) -> Result<Digest, Error> {
    text.parse().map_err(|error: acr_api::oci::InvalidDigest| {
        Error::invalid(
            ErrorCode::DigestInvalid.as_str().to_owned(),
            error.to_string(),
        )
    })
}

/// Reads a tag.
pub(crate) fn tag(text: &str) -> Result<Tag, Error> {
    text.parse().map_err(|error: acr_api::oci::InvalidTag| {
        Error::invalid(ErrorCode::TagInvalid.as_str().to_owned(), error.to_string())
    })
}
