//! The collections of content and the keys in them.

pub(super) const REPOSITORY: &str = "repository";
pub(super) const BARE_REPOSITORY: &str = "bare-repository";
pub(super) const MANIFEST: &str = "manifest";
pub(super) const MANIFEST_CONTENT: &str = "manifest-content";
pub(super) const MANIFEST_BY_TIME: &str = "manifest-by-time";
pub(super) const MANIFEST_REFERENCE: &str = "manifest-reference";
pub(super) const REFERRER: &str = "referrer";
pub(super) const TAG: &str = "tag";
pub(super) const TAG_OF: &str = "tag-of";
pub(super) const TAG_BY_TIME: &str = "tag-by-time";
pub(super) const BLOB: &str = "blob";
pub(super) const BLOB_LINK: &str = "blob-link";
pub(super) const BLOB_HOLDER: &str = "blob-holder";
pub(super) const BLOB_STORAGE: &str = "blob-storage";
pub(super) const UPLOAD: &str = "upload";
pub(super) const LAST_POSITION: &str = "last-position";
pub(super) const ABANDONED_REPOSITORY: &str = "abandoned-repository";
pub(super) const ABANDONED_REGISTRY: &str = "abandoned-registry";
pub(super) const UNTAGGED: &str = "untagged";
pub(super) const UNTAGGED_SINCE: &str = "untagged-since";
pub(super) const DELETED_REPOSITORY: &str = "deleted-repository";
pub(super) const BURIAL: &str = "burial";
pub(super) const DELETED_MANIFEST: &str = "deleted-manifest";
pub(super) const DELETED_TAG: &str = "deleted-tag";
pub(super) const DELETED_TAG_OF: &str = "deleted-tag-of";
pub(super) const DELETION: &str = "deletion";

/// A document that says all it has to say by its key.
pub(super) const MARK: () = ();

/// The key of two parts.
pub(super) fn key(owner: &str, name: impl std::fmt::Display) -> String {
    format!("{owner}/{name}")
}

/// The key of three parts.
pub(super) fn key3(
    owner: &str,
    middle: impl std::fmt::Display,
    name: impl std::fmt::Display,
) -> String {
    format!("{owner}/{middle}/{name}")
}

/// What all keys of an owner begin with.
pub(super) fn prefix(owner: &str) -> String {
    format!("{owner}/")
}

/// What follows the last slash of a key: a tag or a digest, which have none.
pub(super) fn last_part(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or_default()
}
