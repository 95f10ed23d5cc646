//! Finds the registry of an image.

use super::args::ImageArgs;
use super::foreign;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::target::Backend;
use acr_api::oci::{Digest, ImageName, Reference, RepositoryName, Tag};
use acr_client::registry::Registry;

/// The tag of an image that is named without one.
const USUAL_TAG: &str = "latest";

/// An image, and a client of its registry.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    /// The registry.
    pub registry: Registry,
    /// The repository.
    pub repository: RepositoryName,
    /// The tag, if it was given or nothing else was.
    pub tag: Option<Tag>,
    /// The digest, if it was given.
    pub digest: Option<Digest>,
}

impl Image {
    /// What the image is asked for by.
    pub(crate) fn reference(&self) -> Option<Reference> {
        match (self.digest, &self.tag) {
            (Some(digest), _) => Some(digest.into()),
            (None, tag) => tag.clone().map(Into::into),
        }
    }

    /// `HOST/REPOSITORY`.
    pub(crate) fn place(&self) -> String {
        format!("{}/{}", self.registry.host(), self.repository)
    }

    /// `HOST/REPOSITORY:TAG`, or with the digest where there is no tag.
    pub(crate) fn full_name(&self) -> String {
        match (&self.tag, self.digest) {
            (Some(tag), _) => format!("{}:{tag}", self.place()),
            (None, Some(digest)) => format!("{}@{digest}", self.place()),
            (None, None) => self.place(),
        }
    }
}

impl Image {
    /// The same registry's image of another name: `:TAG`, or `REPOSITORY:TAG` with or without host.
    pub(crate) fn renamed(&self, text: &str) -> Result<Self, CliError> {
        let (repository, tag) = match text.strip_prefix(':') {
            Some(tag) => {
                let tag = tag.parse().map_err(|error| usage(text, error))?;
                (self.repository.clone(), Some(tag))
            }
            None => {
                let name = parse(text)?;
                let is_elsewhere = |host: &String| host != self.registry.host();
                if name.host.as_ref().is_some_and(is_elsewhere) {
                    return Err(CliError::usage(format!(
                        "{text} lies in another registry than {}: `acr import` takes images there.",
                        self.full_name()
                    )));
                }
                if name.digest.is_some() {
                    return Err(CliError::usage(format!(
                        "{text} is a digest: an image cannot choose its own."
                    )));
                }
                (name.repository, name.tag)
            }
        };
        let Some(tag) = tag else {
            return Err(CliError::usage(format!(
                "{text} names no tag: write :{text} for a tag of {}, or {text}:TAG for another repository.",
                self.repository
            )));
        };
        Ok(Self {
            registry: self.registry.clone(),
            repository,
            tag: Some(tag),
            digest: None,
        })
    }
}

impl Ctx {
    /// The image of a name. Without tag and digest it is the one tagged `latest`.
    pub(crate) async fn image(&self, text: &str, args: &ImageArgs) -> Result<Image, CliError> {
        let name = parse(text)?;
        let (registry, repository) = match &name.host {
            Some(host) if args.name.is_some() => {
                let registry = self.data_plane(args).await?;
                let repository = self.repository_in(&registry, host, &name.repository)?;
                (registry, repository)
            }
            Some(host) => self.registry_of(host, &name.repository, args).await?,
            None => (self.data_plane(args).await?, name.repository.clone()),
        };
        let usual = || USUAL_TAG.parse().ok();
        Ok(Image {
            registry,
            repository,
            tag: match name.digest {
                Some(_) => name.tag,
                None => name.tag.or_else(usual),
            },
            digest: name.digest,
        })
    }

    /// The repository of an image whose registry was named beside it: what looks like another host is then the first
    /// part of its name, as in `mirror.example/team/app`, if it can be.
    fn repository_in(
        &self,
        registry: &Registry,
        host: &str,
        rest: &RepositoryName,
    ) -> Result<RepositoryName, CliError> {
        if host == registry.host() {
            return Ok(rest.clone());
        }
        let whole = format!("{host}/{rest}");
        match whole.parse() {
            Ok(repository) if !self.backend()?.has_registry(host) => Ok(repository),
            _ => Err(CliError::usage(format!(
                "{whole} is in another registry than {}: leave --name/-n out, or the host.",
                registry.host()
            ))),
        }
    }

    /// The registry of a host: of the context in use, else of whichever server is known by it, else of others.
    async fn registry_of(
        &self,
        host: &str,
        repository: &RepositoryName,
        args: &ImageArgs,
    ) -> Result<(Registry, RepositoryName), CliError> {
        let backend = match self.backend() {
            Ok(backend) if backend.has_registry(host) => {
                let registry = self.enter_host(host, &args.credential).await?;
                return Ok((registry, repository.clone()));
            }
            Ok(backend) => backend,
            Err(error) => return Err(error),
        };
        let own_host = backend.cloud.resource_manager.split_once("://");
        let is_own = backend.is_server && own_host.is_some_and(|(_, own)| own == host);
        if is_own && let Some((label, rest)) = repository.as_str().split_once('/') {
            let suffix = backend.cloud.registry_suffix.as_deref().unwrap_or_default();
            let registry = self
                .enter_host(&format!("{label}{suffix}"), &args.credential)
                .await?;
            let repository = rest.parse().map_err(|error| usage(rest, error))?;
            return Ok((registry, repository));
        }
        if let Some(other) = Backend::of_host(&self.settings, host).filter(|other| other.is_server)
        {
            let (settings, console) = (self.settings.clone(), self.console.clone());
            let there = Self::at(other, settings, console, self.tree);
            let registry = there.enter_host(host, &args.credential).await?;
            return Ok((registry, repository.clone()));
        }
        let registry = foreign::enter(self, host, &args.credential).await?;
        let repository = foreign::repository(host, repository);
        Ok((registry, repository))
    }
}

/// Reads a name; a mistake in it is one of the command line.
pub(super) fn parse(text: &str) -> Result<ImageName, CliError> {
    text.parse().map_err(|error| usage(text, error))
}

fn usage(text: &str, error: impl std::fmt::Display) -> CliError {
    CliError::usage(format!("{text:?} is no name of an image: {error}"))
        .hint("Names look like app:v1, team/app@sha256:… or myregistry.azurecr.io/app:v1.")
}
