//! Names of repositories and images as a person writes them, of which none is taken for more than it says.

use crate::cli::error::CliError;
use acr_api::oci::{ImageName, InvalidImageName, Reference, RepositoryName, Tag};

/// A repository, or an image in one.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RepositoryOrImageArgs {
    /// The name of the repository.
    #[arg(long, value_name = "REPOSITORY")]
    repository: Option<String>,
    /// The name of the image: NAME:TAG, or NAME@DIGEST. NAME alone means its tag `latest`.
    #[arg(short = 't', long, value_name = "IMAGE")]
    image: Option<String>,
}

/// What such options name.
#[derive(Debug)]
pub(crate) enum RepositoryOrImage {
    /// A repository with all it has.
    Repository(RepositoryName),
    /// One image.
    Image(Image),
}

impl RepositoryOrImageArgs {
    /// What they name. One of them has to be given; an empty one names nothing.
    pub(crate) fn read(&self) -> Result<RepositoryOrImage, CliError> {
        match (&self.repository, &self.image) {
            (Some(name), None) => Ok(RepositoryOrImage::Repository(repository(name)?)),
            (None, Some(image)) => Ok(RepositoryOrImage::Image(Image::read(image)?)),
            (None, None) => Err(CliError::failed(
                "Either --image IMAGE or --repository REPOSITORY has to be given.",
            )),
            (Some(_), Some(_)) => Err(CliError::failed(
                "--image IMAGE and --repository REPOSITORY cannot be given both.",
            )),
        }
    }
}

impl RepositoryOrImage {
    /// The repository, and the tag or digest in it if an image is meant.
    pub(crate) fn on(
        self,
        login_server: &str,
    ) -> Result<(RepositoryName, Option<Reference>), CliError> {
        match self {
            Self::Repository(name) => Ok((name, None)),
            Self::Image(image) => {
                let (name, reference) = image.on(login_server)?;
                Ok((name, Some(reference)))
            }
        }
    }
}

/// The name of a repository.
pub(crate) fn repository(text: &str) -> Result<RepositoryName, CliError> {
    text.parse().map_err(|error| {
        let refusal = CliError::failed(format!("{error}."));
        match text.contains([':', '@']) {
            true => refusal.hint("A repository is named without a tag or digest."),
            false => refusal,
        }
    })
}

/// An image as it was written, before it is known what its registry calls itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Image(ImageName);

impl Image {
    /// Reads `NAME[:TAG][@DIGEST]`, with a login server before it or without.
    pub(crate) fn read(text: &str) -> Result<Self, CliError> {
        text.parse().map(Self).map_err(|error| refuse(text, error))
    }

    /// The host, if there is what looks like one.
    pub(super) fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// Whether it has a tag.
    pub(super) fn has_tag(&self) -> bool {
        self.0.tag.is_some()
    }

    /// Whether it has a digest.
    pub(super) fn has_digest(&self) -> bool {
        self.0.digest.is_some()
    }

    /// The digest if it has one, else its tag.
    pub(super) fn reference(&self) -> Option<Reference> {
        self.0.reference()
    }

    /// Reads `NAME[:TAG]`, with a login server before it or without.
    pub(crate) fn read_tag(text: &str) -> Result<Self, CliError> {
        let image = Self::read(text)?;
        match image.has_digest() {
            true => Err(CliError::failed(format!(
                "'{text}' has a digest where only a tag can be meant: expected NAME:TAG."
            ))),
            false => Ok(image),
        }
    }

    /// The repository on the registry with this login server, and the tag, `latest` if it has none.
    pub(crate) fn tag_on(self, login_server: &str) -> Result<(RepositoryName, Tag), CliError> {
        let tag = self.0.tag.clone().unwrap_or_else(Tag::latest);
        Ok((self.repository_on(login_server)?, tag))
    }

    /// The repository and the tag or digest on the registry with this login server. Without either
    /// the tag `latest` is meant; with both, the digest says which content.
    pub(crate) fn on(self, login_server: &str) -> Result<(RepositoryName, Reference), CliError> {
        let reference = self.0.reference();
        let name = self.repository_on(login_server)?;
        Ok((name, reference.unwrap_or_else(|| Tag::latest().into())))
    }

    /// The repository on the registry with this login server. What looks like a host may be its login
    /// server, or the beginning of the name: copies of other registries' images are often called
    /// `docker.io/library/…`.
    pub(super) fn repository_on(self, login_server: &str) -> Result<RepositoryName, CliError> {
        let Some(host) = self.0.host else {
            return Ok(self.0.repository);
        };
        if host.eq_ignore_ascii_case(login_server) {
            return Ok(self.0.repository);
        }
        let whole = format!("{host}/{}", self.0.repository);
        whole.parse().map_err(|_| {
            CliError::failed(format!(
                "'{whole}' is on the registry {host}, but this one is {login_server}."
            ))
        })
    }
}

fn refuse(text: &str, error: InvalidImageName) -> CliError {
    let empty = |what| {
        CliError::failed(format!("The {what} of '{text}' is empty."))
            .hint("If it comes from a variable, that variable is empty. Nothing was done.")
    };
    match error {
        InvalidImageName::EmptyTag(_) => empty("tag"),
        InvalidImageName::EmptyDigest(_) => empty("digest"),
        error => CliError::failed(format!("'{text}' names no image: {error}."))
            .hint("An image is named NAME:TAG, or NAME@DIGEST."),
    }
}

#[cfg(test)]
mod tests {
    use super::{Image, RepositoryOrImage, RepositoryOrImageArgs, repository};

    const HOST: &str = "reg.localhost:5480";
    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn on(text: &str) -> Result<String, String> {
        let read = Image::read(text).and_then(|image| image.on(HOST));
        read.map(|(name, reference)| format!("{name} {reference}"))
            .map_err(|error| error.lines().join("\n"))
    }

    #[test]
    fn an_image_may_begin_with_the_login_server_of_its_registry() {
        for (text, expected) in [
            ("app", "app latest"),
            ("team/app:v1", "team/app v1"),
            ("REG.localhost:5480/app:v1", "app v1"),
            ("docker.io/library/app:v1", "docker.io/library/app v1"),
            ("localhost/app", "localhost/app latest"),
        ] {
            assert_eq!(on(text).as_deref(), Ok(expected));
        }
        assert_eq!(on(&format!("app:v1@{DIGEST}")), Ok(format!("app {DIGEST}")));
        let other = on("other.localhost:5480/app:v1").unwrap_err();
        assert!(other.contains("this one is reg.localhost:5480"), "{other}");
    }

    #[test]
    fn an_empty_tag_or_digest_is_never_a_whole_repository() {
        for text in ["app:", "app@", "app:v1@", "reg.localhost:5480/app:"] {
            let refusal = on(text).unwrap_err();
            assert!(refusal.contains("is empty"), "{refusal}");
        }
        for text in ["", ":", "app:v1:v2", "App", "app@v1"] {
            on(text).unwrap_err();
        }
    }

    #[test]
    fn a_tag_is_not_a_digest() {
        assert!(Image::read_tag(&format!("app:v1@{DIGEST}")).is_err());
        let (_, tag) = Image::read_tag("app").unwrap().tag_on(HOST).unwrap();
        assert_eq!(tag.as_str(), "latest");
    }

    #[test]
    fn a_repository_has_no_tag() {
        assert!(repository("team/app").is_ok());
        let refusal = repository("app:v1").unwrap_err().lines().join("\n");
        assert!(refusal.contains("without a tag"), "{refusal}");
        assert!(repository("").is_err());
    }

    #[test]
    fn one_of_the_two_is_meant() {
        let read = |repository: Option<&str>, image: Option<&str>| {
            let args = RepositoryOrImageArgs {
                repository: repository.map(str::to_owned),
                image: image.map(str::to_owned),
            };
            args.read()
        };
        assert!(matches!(
            read(Some("a"), None),
            Ok(RepositoryOrImage::Repository(_))
        ));
        assert!(matches!(
            read(None, Some("a")),
            Ok(RepositoryOrImage::Image(_))
        ));
        for (repository, image) in [
            (None, None),
            (Some("a"), Some("a")),
            (Some(""), Some("a")),
            (Some(""), None),
            (None, Some("")),
        ] {
            assert!(read(repository, image).is_err(), "{repository:?} {image:?}");
        }
    }
}
