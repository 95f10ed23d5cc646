//! The name of a repository: path components in lower case, joined by slashes.

use std::fmt;
use std::str::FromStr;

use crate::text::{excerpt, serde_as_text};

/// A well-formed repository name, such as `library/hello-world`.
///
/// No name begins with an underscore or has a component that does, so the words of the routes
/// (`_catalog`, `_tags`, `_deleted`) can never be one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryName(String);

impl RepositoryName {
    /// The longest name, slashes included: the limit of docker's reference grammar, which every
    /// client shares.
    pub const MAX_LENGTH: usize = 255;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RepositoryName {
    type Err = InvalidRepositoryName;

    fn from_str(name: &str) -> Result<Self, InvalidRepositoryName> {
        if name.is_empty() {
            return Err(InvalidRepositoryName::Empty);
        }
        if name.len() > Self::MAX_LENGTH {
            return Err(InvalidRepositoryName::TooLong(name.len()));
        }
        match name.split('/').find(|component| !is_component(component)) {
            None => Ok(Self(name.to_owned())),
            Some(_) if name.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                Err(InvalidRepositoryName::UpperCase(excerpt(name)))
            }
            Some(component) => Err(InvalidRepositoryName::Component(excerpt(component))),
        }
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*` of the distribution specification.
fn is_component(component: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_separator =
        |text: &str| matches!(text, "" | "." | "_" | "__") || text.bytes().all(|byte| byte == b'-');
    component.starts_with(is_word)
        && component.ends_with(is_word)
        && component.split(is_word).all(is_separator)
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for RepositoryName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

serde_as_text!(RepositoryName, "the name of a repository");

/// The text is no repository name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRepositoryName {
    /// There is nothing.
    #[error("a repository name cannot be empty")]
    Empty,
    /// It is longer than any client would accept.
    #[error("a repository name has at most {max} characters, this one has {0}", max = RepositoryName::MAX_LENGTH)]
    TooLong(usize),
    /// It would do in lower case.
    #[error("{0:?} is no repository name: it must be lower case")]
    UpperCase(String),
    /// A part between slashes breaks the grammar.
    #[error(
        "{0:?} cannot be part of a repository name: letters and digits, with single periods, one or two underscores or hyphens between them"
    )]
    Component(String),
}

#[cfg(test)]
mod tests {
    use super::{InvalidRepositoryName, RepositoryName};
    use crate::testing::Random;

    #[test]
    fn follows_the_grammar_of_the_specification() {
        for good in [
            "a",
            "0",
            "hello-world",
            "library/hello-world",
            "a.b",
            "a_b",
            "a__b",
            "a-b",
            "a---b",
            "a/b/c/d",
            "1/2",
            "a1.b2_c3__d4-e5/f",
            &"x".repeat(255),
            &format!("{}a", "a/".repeat(127)),
        ] {
            let name: RepositoryName = good.parse().unwrap_or_else(|e| panic!("{good}: {e}"));
            assert_eq!((name.as_str(), name.to_string().as_str()), (good, good));
        }
        for bad in [
            "",
            "/",
            "a/",
            "/a",
            "a//b",
            ".",
            ".a",
            "a.",
            "a..b",
            "_a",
            "a_",
            "a___b",
            "a._b",
            "a.-b",
            "-a",
            "a-",
            "a b",
            "a:b",
            "a@b",
            "ä",
            "aé",
            "a\0",
            "a\n",
            "a%2fb",
            "_catalog",
            "a/_tags",
            "a/../b",
            "a/./b",
            &"x".repeat(256),
        ] {
            assert!(bad.parse::<RepositoryName>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let error = |name: &str| name.parse::<RepositoryName>().unwrap_err();
        assert_eq!(
            error("Team/App"),
            InvalidRepositoryName::UpperCase("Team/App".into())
        );
        assert_eq!(
            error("team/app..x"),
            InvalidRepositoryName::Component("app..x".into())
        );
        assert_eq!(error(&"x".repeat(300)), InvalidRepositoryName::TooLong(300));
        assert_eq!(error(""), InvalidRepositoryName::Empty);
    }

    #[test]
    fn survives_any_text() {
        let mut random = Random::new(3);
        let mut accepted = 0;
        for _ in 0..10_000 {
            let text = match random.below(2) {
                0 => random.noise(),
                _ => random.word("ab0._-/", 12),
            };
            if let Ok(name) = text.parse::<RepositoryName>() {
                assert_eq!(name.to_string(), text);
                accepted += 1;
            }
        }
        assert!(accepted > 100, "the generator reaches both sides");
    }
}
