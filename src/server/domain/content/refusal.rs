//! The refusals of a registry, in the words of the distribution specification and of Azure.

use acr_api::oci::{Digest, ErrorCode, InvalidManifest, Reference, RepositoryName, Tag};
use serde_json::json;

use crate::domain::{Error, ErrorKind};

fn refuse(kind: ErrorKind, code: ErrorCode, message: impl Into<String>) -> Error {
    Error::new(kind, code.as_str().to_owned(), message)
}

pub(super) fn name_unknown(name: &RepositoryName) -> Error {
    refuse(
        ErrorKind::NotFound,
        ErrorCode::NameUnknown,
        "repository name not known to registry",
    )
    .with_detail(json!({"name": name}))
}

pub(super) fn manifest_unknown(reference: &Reference) -> Error {
    let message = match reference {
        Reference::Tag(tag) => format!("manifest tagged by \"{tag}\" is not found"),
        Reference::Digest(digest) => format!("manifest {digest} is not found"),
    };
    refuse(ErrorKind::NotFound, ErrorCode::ManifestUnknown, message)
}

/// The manifest was deleted and is kept.
pub(super) fn manifest_deleted(digest: &Digest) -> Error {
    refuse(
        ErrorKind::Invalid,
        ErrorCode::ManifestInvalid,
        format!("the manifest {digest} was deleted and can be restored; restore it instead"),
    )
}

/// What a deleted manifest is about was deleted too.
pub(super) fn subject_deleted(subject: &Digest) -> Error {
    Error::conflict(
        "Conflict",
        format!("The manifest refers to {subject}, which was deleted: restore that one first."),
    )
}

/// The registry has as many open uploads as one can have.
pub(super) fn too_many_uploads() -> Error {
    refuse(
        ErrorKind::Throttled,
        ErrorCode::TooManyRequests,
        "too many uploads were begun and not ended; end or cancel some, or try again later",
    )
}

pub(super) fn tag_unknown(tag: &Tag) -> Error {
    refuse(
        ErrorKind::NotFound,
        ErrorCode::TagUnknown,
        "the specified tag does not exist",
    )
    .with_detail(json!({"tag": tag}))
}

/// A tag that was to be new names another manifest.
pub(super) fn tag_taken(name: &RepositoryName, tag: &Tag) -> Error {
    Error::conflict(
        "Conflict",
        format!("The tag {name}:{tag} already exists and names another image."),
    )
}

pub(super) fn blob_unknown(digest: &Digest) -> Error {
    refuse(
        ErrorKind::NotFound,
        ErrorCode::BlobUnknown,
        "blob unknown to registry",
    )
    .with_detail(json!({"digest": digest}))
}

pub(super) fn manifest_blob_unknown(digest: &Digest) -> Error {
    refuse(
        ErrorKind::NotFound,
        ErrorCode::ManifestBlobUnknown,
        format!("the manifest names the blob {digest}, which is not in the repository"),
    )
    .with_detail(json!({"digest": digest}))
}

pub(super) fn manifest_invalid(error: &InvalidManifest) -> Error {
    let kind = match error {
        InvalidManifest::TooLarge(_) => ErrorKind::TooLarge,
        _ => ErrorKind::Invalid,
    };
    refuse(kind, ErrorCode::ManifestInvalid, error.to_string())
}

pub(super) fn size_differs(digest: &Digest, said: u64, size: u64) -> Error {
    refuse(
        ErrorKind::Invalid,
        ErrorCode::ManifestInvalid,
        format!("the manifest says that {digest} has {said} bytes, but it has {size}"),
    )
}

pub(super) fn digest_differs(said: &Digest) -> Error {
    refuse(
        ErrorKind::Invalid,
        ErrorCode::DigestInvalid,
        "provided digest did not match uploaded content",
    )
    .with_detail(json!({"digest": said}))
}

pub(super) fn upload_unknown() -> Error {
    refuse(
        ErrorKind::NotFound,
        ErrorCode::BlobUploadUnknown,
        "blob upload unknown to registry",
    )
}

/// Two requests sent bytes to one upload at the same time.
pub(super) fn upload_busy() -> Error {
    refuse(
        ErrorKind::Conflict,
        ErrorCode::BlobUploadInvalid,
        "another request is sending bytes to this upload; ask for its status and go on from there",
    )
}

pub(super) fn upload_broken(reason: &str) -> Error {
    refuse(
        ErrorKind::Invalid,
        ErrorCode::BlobUploadInvalid,
        format!("the request ended before its body did: {reason}"),
    )
}

pub(super) fn out_of_order(received: u64) -> Error {
    refuse(
        ErrorKind::Range,
        ErrorCode::BlobUploadInvalid,
        format!("the upload has {received} bytes: the next chunk has to begin there"),
    )
}

pub(super) fn chunk_length_differs(said: u64, sent: u64) -> Error {
    refuse(
        ErrorKind::Invalid,
        ErrorCode::SizeInvalid,
        format!("the chunk was to have {said} bytes but has {sent}"),
    )
}

pub(super) fn blob_too_large(most_bytes: u64) -> Error {
    refuse(
        ErrorKind::TooLarge,
        ErrorCode::SizeInvalid,
        format!("a blob can have {most_bytes} bytes at most"),
    )
}

/// A page was to begin behind something that never was.
pub(super) fn unknown_last(last: &str) -> Error {
    let shown: String = last.chars().take(128).collect();
    refuse(
        ErrorKind::Invalid,
        ErrorCode::Unsupported,
        format!("last: {shown:?} is not in this repository"),
    )
}

/// A lock forbids it.
pub(super) fn disallowed() -> Error {
    refuse(
        ErrorKind::MethodNotAllowed,
        ErrorCode::RegistryDisallowedOperation,
        "The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation",
    )
    .with_detail(json!({}))
}

/// The store of blobs failed.
pub(super) fn blob_store(error: acr_store::blob::Error) -> Error {
    match error {
        acr_store::blob::Error::Full => refuse(
            ErrorKind::Full,
            ErrorCode::Denied,
            "The server has no space left to store this; nothing was changed.",
        ),
        acr_store::blob::Error::Busy { .. } => upload_busy(),
        acr_store::blob::Error::Unavailable { .. } => {
            tracing::error!(%error, "the blob store failed");
            refuse(
                ErrorKind::Unavailable,
                ErrorCode::Unavailable,
                "The server's blob store does not answer. Try again.",
            )
        }
        error => Error::internal(error),
    }
}
