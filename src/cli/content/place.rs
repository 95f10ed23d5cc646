//! A repository or manifest together with its registry: by `-r` and `-n`, or in one word.

use super::name::Image;
use crate::cli::args::Given;
use crate::cli::complete;
use crate::cli::ctx::Ctx;
use crate::cli::data_plane::{CredentialArgs, Entrance, Login, Tokens};
use crate::cli::error::CliError;
use acr_api::arm::RegistryName;
use acr_api::oci::{Reference, RepositoryName, Tag};
use acr_client::registry::Registry;
use clap_complete::ArgValueCandidates;

const OPTION: &str = "--registry/-r";

/// A manifest and its registry.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ManifestArgs {
    /// The manifest with its login server, such as myregistry.azurecr.io/hello-world:v1.
    #[arg(value_name = "LOGIN_SERVER/NAME[:TAG|@DIGEST]")]
    id: Option<String>,
    /// The name of the registry, in lower case.
    #[arg(short, long, value_name = "REGISTRY", add = ArgValueCandidates::new(complete::registries))]
    registry: Option<String>,
    /// The name of the manifest: NAME:TAG, or NAME@DIGEST.
    #[arg(short, long, value_name = "NAME[:TAG|@DIGEST]")]
    name: Option<String>,
    #[command(flatten)]
    credential: CredentialArgs,
}

/// A repository and its registry.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RepositoryArgs {
    /// The repository with its login server, such as myregistry.azurecr.io/hello-world.
    #[arg(value_name = "LOGIN_SERVER/NAME")]
    id: Option<String>,
    /// The name of the registry, in lower case.
    #[arg(short, long, value_name = "REGISTRY", add = ArgValueCandidates::new(complete::registries))]
    registry: Option<String>,
    /// The name of the repository.
    #[arg(short, long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    credential: CredentialArgs,
}

/// What may stand behind the name of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A tag or a digest.
    Manifest,
    /// A tag.
    Tag,
    /// Nothing.
    Repository,
}

/// A registry that was entered, and what is meant there.
#[derive(Debug)]
pub(crate) struct Place {
    /// The registry.
    pub(crate) registry: Registry,
    /// What is known about it.
    pub(crate) entrance: Entrance,
    /// The repository.
    pub(crate) repository: RepositoryName,
    /// The tag or digest, if one was given.
    pub(crate) reference: Option<Reference>,
}

impl Place {
    /// The tag or digest, `latest` if none was given.
    pub(crate) fn reference_or_latest(&self) -> Reference {
        let given = self.reference.clone();
        given.unwrap_or_else(|| Tag::latest().into())
    }
}

impl ManifestArgs {
    /// Goes to the manifest's registry.
    pub(crate) async fn enter(&self, ctx: &Ctx, form: Form) -> Result<Place, CliError> {
        let words = Words {
            id: self.id.as_deref(),
            registry: self.registry.as_deref(),
            name: self.name.as_deref(),
            form,
        };
        words.enter(ctx, &self.credential).await
    }

    /// Whether the manifest is given in one word.
    pub(crate) fn is_one_word(&self) -> bool {
        self.id.is_some()
    }
}

impl RepositoryArgs {
    /// Goes to the repository's registry.
    pub(crate) async fn enter(&self, ctx: &Ctx, form: Form) -> Result<Place, CliError> {
        let words = Words {
            id: self.id.as_deref(),
            registry: self.registry.as_deref(),
            name: self.name.as_deref(),
            form,
        };
        words.enter(ctx, &self.credential).await
    }
}

/// What was given.
#[derive(Debug, Clone, Copy)]
struct Words<'a> {
    id: Option<&'a str>,
    registry: Option<&'a str>,
    name: Option<&'a str>,
    form: Form,
}

impl Words<'_> {
    async fn enter(self, ctx: &Ctx, credential: &CredentialArgs) -> Result<Place, CliError> {
        let (registry, image) = match (self.id, self.name) {
            (Some(id), None) => self.read_whole(ctx, id)?,
            (None, Some(name)) => {
                let image = self.read(name)?;
                let given = ctx.given_name(self.registry, OPTION).await;
                (given.map_err(CliError::into_failed)?, image)
            }
            (None, None) => return Err(self.needs_a_name()),
            (Some(id), Some(_)) => {
                return Err(CliError::failed(format!(
                    "'{id}' and --name/-n cannot be given both."
                )));
            }
        };
        let login = Login {
            given: Given {
                name: Some(&registry),
                group: None,
                option: OPTION,
            },
            credential,
        };
        let entrance = ctx.entrance(login, Tokens::Kept).await?;
        let registry = ctx.enter(&entrance.login_server, &entrance.proof)?;
        let reference = image.reference();
        Ok(Place {
            repository: image.repository_on(registry.host())?,
            registry,
            entrance,
            reference,
        })
    }

    /// The registry and the image of a name with a login server before it.
    fn read_whole(self, ctx: &Ctx, id: &str) -> Result<(String, Image), CliError> {
        let id = id.strip_prefix("https://").unwrap_or(id);
        let suffix = ctx.backend()?.cloud.registry_suffix.clone();
        let suffix = suffix.unwrap_or_default();
        let image = self.read(id)?;
        let Some(host) = image.host() else {
            return Err(self.needs_a_registry(id, &suffix));
        };
        let (label, end) = host.split_at(host.find('.').unwrap_or(host.len()));
        if !end.eq_ignore_ascii_case(&suffix) {
            return Err(CliError::failed(format!(
                "The login server '{host}' of '{id}' is not one of this cloud or server, whose registries end in '{suffix}'."
            ))
            .hint("`acr context list` shows where commands can go; --context chooses."));
        }
        let named = |name: &str| {
            name.split('.')
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case(label))
        };
        if let Some(other) = self.registry.filter(|other| !named(other)) {
            return Err(CliError::failed(format!(
                "'{id}' is in the registry '{label}', but --registry/-r says '{other}'."
            )));
        }
        // A label with a hash in it is more than a name.
        let registry = if label.contains('-') { host } else { label };
        Ok((registry.to_owned(), image))
    }

    fn read(self, text: &str) -> Result<Image, CliError> {
        let image = Image::read(text)?;
        match self.form {
            Form::Repository if image.has_tag() || image.has_digest() => Err(CliError::failed(
                format!("'{text}' has a tag or digest, but a whole repository is meant here."),
            )),
            Form::Tag if image.has_digest() => Err(CliError::failed(format!(
                "'{text}' has a digest, but only a tag can be given here."
            ))),
            _ => Ok(image),
        }
    }

    fn needs_a_name(self) -> CliError {
        let (what, end) = self.example();
        CliError::failed(format!("No {what} was given.")).hint(format!(
            "Name it by `-r myregistry -n hello-world{end}`, or in one word: myregistry.azurecr.io/hello-world{end}"
        ))
    }

    fn needs_a_registry(self, id: &str, suffix: &str) -> CliError {
        let refusal = CliError::failed(format!("'{id}' does not say which registry it is in."));
        let hint = match (self.registry, id.split_once('/')) {
            (Some(registry), _) => format!("Did you mean -r {registry} -n {id}?"),
            (None, Some((first, rest))) if first.parse::<RegistryName>().is_ok() => {
                format!("Did you mean -r {first} -n {rest}, or {first}{suffix}/{rest}?")
            }
            (None, _) => format!("Did you mean -r REGISTRY -n {id}, or REGISTRY{suffix}/{id}?"),
        };
        refusal.hint(hint)
    }

    fn example(self) -> (&'static str, &'static str) {
        match self.form {
            Form::Manifest => ("manifest", ":v1"),
            Form::Tag => ("image", ":v1"),
            Form::Repository => ("repository", ""),
        }
    }
}
