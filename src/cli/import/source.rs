//! Where an image comes from, as az makes it out: a registry of the subscription by name, address or id, or any host.

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use acr_api::arm::ResourceId;
use serde_json::{Map, Value, json};

/// The source of an import.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct SourceArgs {
    /// The image, with its registry's host before it unless `--registry` is given.
    #[arg(long, value_name = "IMAGE")]
    pub source: String,
    /// The registry of the image, if it is one of Azure's: its name, login server or resource id.
    #[arg(short, long, value_name = "REGISTRY")]
    pub registry: Option<String>,
    /// The name to log in with at the source.
    #[arg(short, long, value_name = "NAME")]
    pub username: Option<String>,
    /// The password of that name, or a token.
    #[arg(short, long, value_name = "PASSWORD")]
    pub password: Option<String>,
}

/// A source that was found.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Host, and port if it has one; unknown of a registry of another subscription.
    pub host: Option<String>,
    /// The registry's resource id, if it is one of Azure's.
    pub id: Option<String>,
    /// The image, without its host.
    pub image: String,
    credentials: Option<Value>,
}

impl SourceArgs {
    /// Refuses what makes no sense, before anything is asked.
    pub(crate) fn check(&self) -> Result<(), CliError> {
        let has_name = self
            .username
            .as_deref()
            .is_some_and(|name| !name.is_empty());
        let has_password = self.password.as_deref().is_some_and(|it| !it.is_empty());
        match has_name && !has_password {
            true => Err(CliError::failed(
                "Authentication failed. Please provide password.",
            )),
            false => Ok(()),
        }
    }

    /// Finds the source.
    pub(crate) async fn find(&self, ctx: &Ctx) -> Result<Source, CliError> {
        match self.registry.as_deref() {
            Some(registry) if !registry.is_empty() => self.in_registry(ctx, registry).await,
            _ => self.by_host(ctx).await,
        }
    }

    async fn in_registry(&self, ctx: &Ctx, given: &str) -> Result<Source, CliError> {
        let image = self.source.clone();
        if given.parse::<ResourceId>().is_ok() {
            return Ok(Source {
                host: None,
                id: Some(given.to_owned()),
                image,
                credentials: None,
            });
        }
        let found = look_up(ctx, given).await?.ok_or_else(|| {
            CliError::failed(
                "The source registry is not one of the subscription. Give its resource id with --registry, or its address in --source with --username and --password.",
            )
        })?;
        let prefix = format!("{}/", found.login_server.to_lowercase());
        let image = match image.to_lowercase().starts_with(&prefix) {
            true => {
                ctx.console.warn(&format!(
                    "The login server '{}' at the beginning of --source is left out: --registry names it already.",
                    found.login_server
                ));
                image[prefix.len()..].to_owned()
            }
            false => image,
        };
        Ok(Source {
            host: Some(found.login_server),
            id: Some(found.id),
            image,
            credentials: None,
        })
    }

    async fn by_host(&self, ctx: &Ctx) -> Result<Source, CliError> {
        let (host, image) = match self.source.split_once('/') {
            Some((host, image)) if !host.is_empty() => (host, image.to_owned()),
            _ => {
                return Err(CliError::failed(
                    "The source has no registry. Expected REGISTRY/IMAGE in --source, or the registry in --registry.",
                ));
            }
        };
        if !host.contains('.') && !is_local(host) {
            return Err(CliError::failed(format!(
                "The login server '{host}' is not valid: it is not a fully qualified domain name."
            )));
        }
        let credentials = self.credentials();
        let found = match credentials {
            Some(_) => None,
            None => look_up(ctx, host).await?,
        };
        Ok(match found {
            Some(found) => Source {
                host: Some(found.login_server),
                id: Some(found.id),
                image,
                credentials: None,
            },
            None => Source {
                host: Some(host.to_owned()),
                id: None,
                image,
                credentials,
            },
        })
    }

    fn credentials(&self) -> Option<Value> {
        let password = self.password.as_deref().filter(|it| !it.is_empty())?;
        let mut credentials = Map::new();
        if let Some(username) = &self.username {
            credentials.insert("username".to_owned(), json!(username));
        }
        credentials.insert("password".to_owned(), json!(password));
        Some(credentials.into())
    }
}

impl Source {
    /// The same source, but for the image.
    pub(crate) fn with_image(&self, image: String) -> Self {
        Self {
            image,
            ..self.clone()
        }
    }

    /// The name and the password that were given for it.
    pub(super) fn login(&self) -> Option<(&str, &str)> {
        let credentials = self.credentials.as_ref()?;
        let password = credentials["password"].as_str()?;
        Some((
            credentials["username"].as_str().unwrap_or_default(),
            password,
        ))
    }

    /// What it is on the wire.
    pub(crate) fn to_json(&self) -> Value {
        let mut source = Map::new();
        match (&self.id, &self.host) {
            (Some(id), _) => source.insert("resourceId".to_owned(), json!(id)),
            (None, host) => source.insert("registryUri".to_owned(), json!(host)),
        };
        if let Some(credentials) = &self.credentials {
            source.insert("credentials".to_owned(), credentials.clone());
        }
        source.insert("sourceImage".to_owned(), json!(self.image));
        source.into()
    }
}

struct Found {
    id: String,
    login_server: String,
}

/// The registry of the subscription with this name or login server. A regional endpoint stands for its registry.
async fn look_up(ctx: &Ctx, given: &str) -> Result<Option<Found>, CliError> {
    let suffix = ctx.backend()?.cloud.registry_suffix.as_deref();
    let address = match suffix.and_then(|suffix| of_region(given, suffix)) {
        Some(address) => {
            ctx.console.warn(
                "An import takes no regional endpoint: the source registry's home region is used.",
            );
            address
        }
        None => given.to_owned(),
    };
    let registries = ctx.arm().await?.registries().list(None).await?;
    let mut found = registries.iter().filter_map(|registry| {
        let login_server = registry["properties"]["loginServer"].as_str()?;
        let is_meant = login_server.eq_ignore_ascii_case(&address)
            || registry["name"].as_str()?.eq_ignore_ascii_case(given);
        is_meant.then_some(Found {
            id: registry["id"].as_str()?.to_owned(),
            login_server: login_server.to_owned(),
        })
    });
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => {
            ctx.console
                .warn(&format!("More than one registry is called '{given}'."));
            Ok(None)
        }
        (found, _) => Ok(found),
    }
}

/// The login server that a regional endpoint, `NAME.REGION.geo.SUFFIX`, belongs to.
fn of_region(host: &str, suffix: &str) -> Option<String> {
    let host = host.trim().to_lowercase();
    let front = host.strip_suffix(&format!(".geo{}", suffix.to_lowercase()))?;
    match front.split_once('.') {
        Some((name, region)) if !name.is_empty() && !region.is_empty() && !region.contains('.') => {
            Some(format!("{name}{suffix}"))
        }
        _ => None,
    }
}

/// Whether a host is this machine's own, by the name every machine has for itself.
pub(super) fn is_local(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or(host);
    name.rsplit('.')
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::{is_local, of_region};

    #[test]
    fn a_regional_endpoint_stands_for_its_registry() {
        for (host, expected) in [
            ("foo.eastus.geo.azurecr.io", Some("foo.azurecr.io")),
            ("FOO.EastUS.geo.AZURECR.IO", Some("foo.azurecr.io")),
            ("foo.geo.azurecr.io", None),
            ("a.b.c.geo.azurecr.io", None),
            ("foo.azurecr.io", None),
        ] {
            assert_eq!(
                of_region(host, ".azurecr.io").as_deref(),
                expected,
                "{host}"
            );
        }
    }

    #[test]
    fn only_localhost_needs_no_dot() {
        assert!(is_local("localhost:5000") && is_local("foo.localhost:5480"));
        assert!(!is_local("registry") && !is_local("localhost.example"));
    }
}
