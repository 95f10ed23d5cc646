//! The tag of an image.

use std::fmt;
use std::str::FromStr;

use super::Digest;
use crate::text::{excerpt, serde_as_text};

/// A well-formed tag, such as `v1.2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

impl Tag {
    /// The longest tag.
    pub const MAX_LENGTH: usize = 128;

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag that is meant where none is given.
    pub fn latest() -> Self {
        Self("latest".to_owned())
    }

    /// The tag under which clients keep the referrers of `subject` on a registry without the
    /// referrers API: the algorithm, a hyphen and the first 64 characters of the encoded part.
    pub fn of_referrers(subject: &Digest) -> Self {
        let mut encoded = subject.encoded();
        encoded.truncate(64);
        Self(format!("{}-{encoded}", subject.algorithm()))
    }
}

impl FromStr for Tag {
    type Err = InvalidTag;

    fn from_str(tag: &str) -> Result<Self, InvalidTag> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let is_valid = tag.len() <= Self::MAX_LENGTH
            && tag.bytes().next().is_some_and(is_word)
            && tag
                .bytes()
                .all(|byte| is_word(byte) || byte == b'.' || byte == b'-');
        if is_valid {
            Ok(Self(tag.to_owned()))
        } else {
            Err(InvalidTag(excerpt(tag)))
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Tag {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

serde_as_text!(Tag, "a tag");

/// The text is no tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no tag: up to 128 letters, digits, underscores, periods and hyphens, not beginning with a period or a hyphen"
)]
pub struct InvalidTag(String);

#[cfg(test)]
mod tests {
    use super::Tag;
    use crate::oci::Digest;

    #[test]
    fn follows_the_grammar_of_the_specification() {
        for good in [
            "a",
            "_",
            "1",
            "latest",
            "V1.2-rc_3",
            "_.-",
            "0..--__",
            &"x".repeat(128),
        ] {
            assert_eq!(good.parse::<Tag>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            ".a",
            "-a",
            "a b",
            "a/b",
            "a:b",
            "a@b",
            "a+b",
            "ä",
            "a\0",
            "a\n",
            "a%20",
            &"x".repeat(129),
        ] {
            assert!(bad.parse::<Tag>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_the_referrers_of_a_digest() {
        for (digest, tag) in [
            (
                Digest::Sha256([0xaa; 32]),
                format!("sha256-{}", "aa".repeat(32)),
            ),
            (
                Digest::Sha512([0xaa; 64]),
                format!("sha512-{}", "aa".repeat(32)),
            ),
        ] {
            let named = Tag::of_referrers(&digest);
            assert_eq!(named.as_str(), tag);
            assert_eq!(named.as_str().parse::<Tag>().unwrap(), named);
        }
    }
}
