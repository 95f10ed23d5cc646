//! What names a manifest inside a repository: a tag or a digest.

use std::fmt;
use std::str::FromStr;

use super::{Digest, InvalidDigest, InvalidTag, Tag};
use crate::text::serde_as_text;

/// The last part of `/v2/NAME/manifests/REFERENCE`. A tag cannot hold a colon and a digest must, so
/// the two are never mistaken for each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// A name that can move.
    Tag(Tag),
    /// The content itself.
    Digest(Digest),
}

impl Reference {
    /// The tag, if it is one.
    pub fn tag(&self) -> Option<&Tag> {
        match self {
            Self::Tag(tag) => Some(tag),
            Self::Digest(_) => None,
        }
    }

    /// The digest, if it is one.
    pub fn digest(&self) -> Option<&Digest> {
        match self {
            Self::Tag(_) => None,
            Self::Digest(digest) => Some(digest),
        }
    }
}

impl FromStr for Reference {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        if text.contains(':') {
            Ok(Self::Digest(text.parse()?))
        } else {
            Ok(Self::Tag(text.parse()?))
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => tag.fmt(f),
            Self::Digest(digest) => digest.fmt(f),
        }
    }
}

impl From<Tag> for Reference {
    fn from(tag: Tag) -> Self {
        Self::Tag(tag)
    }
}

impl From<Digest> for Reference {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

serde_as_text!(Reference, "a tag or a digest");

/// The text is neither a tag nor a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReference {
    /// It has no colon and is no tag.
    #[error(transparent)]
    Tag(#[from] InvalidTag),
    /// It has a colon and is no digest.
    #[error(transparent)]
    Digest(#[from] InvalidDigest),
}

#[cfg(test)]
mod tests {
    use super::{InvalidReference, Reference};

    #[test]
    fn tells_tags_from_digests_by_the_colon() {
        let hex = "ab".repeat(32);
        let by_digest: Reference = format!("sha256:{hex}").parse().unwrap();
        assert!(by_digest.digest().is_some() && by_digest.tag().is_none());
        // A tag may look like hex, and like the tag of a referrers list.
        for tag in [hex.clone(), format!("sha256-{hex}"), "latest".into()] {
            let by_tag: Reference = tag.parse().unwrap();
            assert_eq!(by_tag.tag().unwrap().as_str(), tag);
            assert_eq!(by_tag.to_string(), tag);
        }
        assert!(matches!(
            "a:b".parse::<Reference>(),
            Err(InvalidReference::Digest(_))
        ));
        assert!(matches!(
            "".parse::<Reference>(),
            Err(InvalidReference::Tag(_))
        ));
    }
}
