//! Why a manifest was refused.

use super::parse::{MAX_DESCRIPTORS, MAX_MANIFEST_BYTES};

/// The bytes are no manifest that a registry accepts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidManifest {
    /// It has too many bytes.
    #[error("a manifest has at most {MAX_MANIFEST_BYTES} bytes, this one has {0}")]
    TooLarge(usize),
    /// It is no JSON document.
    #[error("the manifest is not JSON: {0}")]
    Syntax(String),
    /// A member is missing, of the wrong type, given twice or out of range.
    #[error("{member}: {reason}")]
    Member {
        /// Where it is, such as `layers[2].digest`; `manifest` for the document itself.
        member: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It is of the form that registries no longer take.
    #[error(
        "Docker image manifests of schema 1 are not supported: push the image with a current client"
    )]
    Schema1,
    /// It is, by its own word, something else than a manifest.
    #[error("manifests of type {0:?} are not supported")]
    UnsupportedMediaType(String),
    /// Header and body disagree.
    #[error("mediaType: the manifest says {body:?} but was sent as {header:?}")]
    MediaTypeMismatch {
        /// The `Content-Type` header.
        header: String,
        /// The member `mediaType`.
        body: String,
    },
    /// It has members of an image and of a list, so two readers could see two different things.
    #[error("{member}: a manifest of type {media_type:?} cannot have this member")]
    Ambiguous {
        /// The member of the other form.
        member: &'static str,
        /// What the manifest says it is.
        media_type: String,
    },
    /// It refers to too many things.
    #[error("a manifest has at most {MAX_DESCRIPTORS} descriptors, this one has {0}")]
    TooManyDescriptors(usize),
}

impl InvalidManifest {
    pub(super) fn member(member: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Member {
            member: member.into(),
            reason: reason.into(),
        }
    }
}
