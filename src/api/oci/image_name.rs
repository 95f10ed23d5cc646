//! The name of an image as a person writes it: `[host[:port]/]repository[:tag][@digest]`.

use std::fmt;
use std::str::FromStr;

use super::host::{is_host, normalized_host};
use super::{
    Digest, InvalidDigest, InvalidRepositoryName, InvalidTag, Reference, RepositoryName, Tag,
};
use crate::text::{excerpt, serde_as_text};

/// An image, or a whole repository when neither tag nor digest is given.
///
/// Where the text could be read in two ways it is read as docker does:
/// * what stands before the first slash is a host only if it has a period or a colon, or is
///   `localhost`: `team/app` is a repository, `team.io/app` is on the host `team.io`;
/// * without a slash there is no host: `localhost:5000` is tag `5000` of repository `localhost`;
/// * with both a tag and a digest, the digest says which content is meant;
/// * a digest alone is refused, though it could be a tag of the repository `sha256`.
///
/// A colon or an `@` with nothing behind it is an error. A script whose variable is empty would
/// otherwise name, and perhaps delete, the whole repository.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageName {
    /// Host and port in lower case, as given; an IPv6 address keeps its brackets.
    pub host: Option<String>,
    /// The repository.
    pub repository: RepositoryName,
    /// The tag.
    pub tag: Option<Tag>,
    /// The digest.
    pub digest: Option<Digest>,
}

impl ImageName {
    /// What the image is asked for by: the digest if there is one, else the tag.
    pub fn reference(&self) -> Option<Reference> {
        match (self.digest, &self.tag) {
            (Some(digest), _) => Some(digest.into()),
            (None, Some(tag)) => Some(tag.clone().into()),
            (None, None) => None,
        }
    }
}

impl FromStr for ImageName {
    type Err = InvalidImageName;

    fn from_str(text: &str) -> Result<Self, InvalidImageName> {
        if text.parse::<Digest>().is_ok() {
            return Err(InvalidImageName::BareDigest(excerpt(text)));
        }
        let (name, digest) = match text.split_once('@') {
            Some((_, "")) => return Err(InvalidImageName::EmptyDigest(excerpt(text))),
            Some((name, digest)) => (name, Some(digest.parse()?)),
            None => (text, None),
        };
        let (host, path) = match name.split_once('/') {
            Some((host, path)) if is_host(host) => (
                Some(normalized_host(host).ok_or_else(|| InvalidImageName::Host(excerpt(host)))?),
                path,
            ),
            _ => (None, name),
        };
        let (repository, tag) = match path.split_once(':') {
            Some((_, "")) => return Err(InvalidImageName::EmptyTag(excerpt(text))),
            Some((repository, tag)) => (repository, Some(tag.parse()?)),
            None => (path, None),
        };
        Ok(Self {
            host,
            repository: repository.parse()?,
            tag,
            digest,
        })
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(host) = &self.host {
            write!(f, "{host}/")?;
        }
        self.repository.fmt(f)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

serde_as_text!(ImageName, "the name of an image");

/// The text names no image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidImageName {
    /// A colon ends it.
    #[error(
        "{0:?} has a colon but no tag after it: leave the colon out to mean the whole repository"
    )]
    EmptyTag(String),
    /// An `@` ends it.
    #[error("{0:?} has an @ but no digest after it: leave the @ out to mean the whole repository")]
    EmptyDigest(String),
    /// It is a digest and nothing else.
    #[error("{0:?} is a digest without a repository: expected REPOSITORY@DIGEST")]
    BareDigest(String),
    /// What stands before the first slash looks like a host and is none.
    #[error("{0:?} is no host name with an optional port; leave out any https://")]
    Host(String),
    /// The repository is malformed.
    #[error(transparent)]
    Repository(#[from] InvalidRepositoryName),
    /// The tag is malformed.
    #[error(transparent)]
    Tag(#[from] InvalidTag),
    /// The digest is malformed.
    #[error(transparent)]
    Digest(#[from] InvalidDigest),
}

#[cfg(test)]
mod tests {
    use super::{ImageName, InvalidImageName};
    use crate::oci::{Reference, RepositoryName};
    use crate::testing::Random;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn splits_host_repository_tag_and_digest() {
        let whole = format!("reg.azurecr.io/team/app:v1@{DIGEST}");
        let table: &[(&str, [&str; 4])] = &[
            ("app", ["", "app", "", ""]),
            ("app:v1", ["", "app", "v1", ""]),
            ("team/app:v1", ["", "team/app", "v1", ""]),
            ("team.io/app", ["team.io", "app", "", ""]),
            ("a.b", ["", "a.b", "", ""]),
            ("localhost", ["", "localhost", "", ""]),
            ("localhost/app", ["localhost", "app", "", ""]),
            ("localhost:5000", ["", "localhost", "5000", ""]),
            ("host:5000/app:v1", ["host:5000", "app", "v1", ""]),
            ("localhost:80/r/app", ["localhost:80", "r/app", "", ""]),
            ("LocalHost:80/app", ["localhost:80", "app", "", ""]),
            ("REG.io/app:V1", ["reg.io", "app", "V1", ""]),
            ("[::1]:5000/app:v1", ["[::1]:5000", "app", "v1", ""]),
            (&whole, ["reg.azurecr.io", "team/app", "v1", DIGEST]),
        ];
        for (text, expected) in table {
            let name: ImageName = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            let parts = [
                name.host.unwrap_or_default(),
                name.repository.to_string(),
                name.tag.map_or_else(String::new, |tag| tag.to_string()),
                name.digest
                    .map_or_else(String::new, |digest| digest.to_string()),
            ];
            assert_eq!(&parts, expected, "{text}");
        }
    }

    #[test]
    fn never_takes_an_empty_tag_or_digest_for_the_whole_repository() {
        let tagless = format!("repo:@{DIGEST}");
        for text in "repo: team/repo: host:5000/repo: : localhost: reg.io/repo:"
            .split(' ')
            .chain([&*tagless])
        {
            let refused = text.parse::<ImageName>();
            assert!(
                matches!(refused, Err(InvalidImageName::EmptyTag(_))),
                "{text}"
            );
        }
        for text in ["repo@", "repo:v1@", "repo:@", "@"] {
            let refused = text.parse::<ImageName>();
            assert!(
                matches!(refused, Err(InvalidImageName::EmptyDigest(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_what_names_no_image() {
        let words = "/ /app app/ :v1 @sha256:ab repo:v1:v2 repo@v1 repo@sha256:ab Repo Reg/repo \
            https://reg.io/repo reg.io//repo reg.io/ reg.io:/repo ::1/repo user@reg.io/repo";
        for text in
            words
                .split_whitespace()
                .chain(["", "repo:a b", "repo :v1", "repo\0", "repo\n:v1"])
        {
            assert!(text.parse::<ImageName>().is_err(), "{text:?}");
        }
        for text in ["a/".repeat(500_000), format!("repo:{}", "x".repeat(129))] {
            assert!(text.parse::<ImageName>().unwrap_err().to_string().len() < 400);
        }
    }

    #[test]
    fn takes_a_digest_for_no_repository() {
        assert!(matches!(
            DIGEST.parse::<ImageName>(),
            Err(InvalidImageName::BareDigest(_))
        ));
        assert_eq!(
            "sha256:v1"
                .parse::<ImageName>()
                .unwrap()
                .repository
                .as_str(),
            "sha256"
        );
    }

    #[test]
    fn the_digest_says_which_content_is_meant() {
        let reference = |text: &str| text.parse::<ImageName>().unwrap().reference();
        assert_eq!(reference("repo"), None);
        assert!(matches!(reference("repo:v1"), Some(Reference::Tag(_))));
        assert!(matches!(
            reference(&format!("repo:v1@{DIGEST}")),
            Some(Reference::Digest(_))
        ));
    }

    #[test]
    fn reads_back_what_it_writes() {
        let hosts = ["", "localhost:5480", "reg.azurecr.io", "[::1]"];
        let mut random = Random::new(5);
        let mut round_trips = 0;
        for _ in 0..20_000 {
            let host = *random.pick(&hosts);
            let Ok(repository) = random.word("abc0-_./", 10).parse::<RepositoryName>() else {
                continue;
            };
            // Without a host, a first component with a period reads as one.
            let first = repository.as_str().split_once('/').map(|(first, _)| first);
            if host.is_empty() && first.is_some_and(|first| first.contains('.')) {
                continue;
            }
            let name = ImageName {
                host: Some(host.to_owned()).filter(|host| !host.is_empty()),
                repository,
                tag: random.word("abC0-_.", 8).parse().ok(),
                digest: [None, DIGEST.parse().ok()][random.below(2)],
            };
            assert_eq!(name.to_string().parse(), Ok(name.clone()), "{name}");
            round_trips += 1;
        }
        assert!(round_trips > 1_000);
    }

    #[test]
    fn survives_any_text() {
        let mut random = Random::new(9);
        let sample = format!("localhost:5000/team/app:v1@{DIGEST}");
        for _ in 0..20_000 {
            let text = match random.below(2) {
                0 => random.noise(),
                _ => random.mutated(&sample),
            };
            if let Ok(name) = text.parse::<ImageName>() {
                assert!(name.to_string().eq_ignore_ascii_case(&text), "{text}");
            }
        }
    }
}
