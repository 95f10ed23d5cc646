//! Where the source of an import is: another registry of this server, or a host elsewhere.

use std::sync::Arc;

use acr_api::{
    arm::{ImportCredentials, ImportSource, ResourceId},
    auth::Action,
    oci::RepositoryName,
};
use acr_client::registry::Endpoint;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{refusal, request::invalid};
use crate::{
    app::App,
    domain::{
        Error, ErrorKind,
        access::{self, Access, Demand, Identity, Knock, Registry},
        caller::Caller,
        registry::Registries,
        resource,
    },
};

/// The user name that says: the password is a refresh token.
pub(super) const TOKEN_USER: &str = "00000000-0000-0000-0000-000000000000";
/// Longer host names are none.
const LONGEST_HOST: usize = 255;

/// The source's registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Place {
    /// A registry of this server.
    Local {
        label: String,
        /// Tells it from another one that takes the label later.
        registry_id: String,
    },
    /// Any other.
    Foreign { host: String },
}

impl Place {
    /// Finds the source, and checks that the caller may pull from it as far as that can be told here.
    pub(super) async fn find(
        app: &App,
        caller: &Caller,
        source: &ImportSource,
        repository: &RepositoryName,
    ) -> Result<Self, Error> {
        let credentials = source.credentials.as_ref();
        let registry = match (&source.resource_id, &source.registry_uri) {
            (Some(_), Some(_)) => {
                return Err(invalid(
                    "source",
                    "both resourceId and registryUri are given",
                ));
            }
            (None, None) => {
                return Err(invalid(
                    "source",
                    "neither resourceId nor registryUri is given",
                ));
            }
            (Some(id), None) => by_id(app, id).await?,
            (None, Some(uri)) => {
                let host = host(uri)?;
                match own(app, &host).await? {
                    Some(registry) => registry,
                    None => {
                        Endpoint::secure(&host)
                            .map_err(|error| invalid("source.registryUri", &error.to_string()))?;
                        return Ok(Self::Foreign { host });
                    }
                }
            }
        };
        check_pull(app, caller, &registry, repository, credentials).await?;
        Ok(Self::Local {
            label: registry.label.clone(),
            registry_id: registry.registry_id.clone(),
        })
    }
}

/// The registry of an ARM id, as its own hosts see it.
pub(super) async fn by_id(app: &App, id: &str) -> Result<Arc<Registry>, Error> {
    let absent = || {
        Error::invalid(
            "SourceNotFound",
            format!(
                "The source registry '{}' is not known here. One elsewhere is named by its login server, with a credential of its own.",
                id.chars().take(300).collect::<String>()
            ),
        )
        .from_provider()
    };
    let id: ResourceId = id.parse().map_err(|_| absent())?;
    let found = match resource::get::<Registries>(app, &id).await {
        Ok(found) => found.body,
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(absent()),
        Err(error) => return Err(error),
    };
    let properties = found.properties.unwrap_or_default();
    let host = properties.login_server.unwrap_or_default();
    access::find(app, &host).await?.ok_or_else(absent)
}

/// The registry of this server that has this login server. Another port is another server's.
async fn own(app: &App, host: &str) -> Result<Option<Arc<Registry>>, Error> {
    let domain = app.settings().domain.to_ascii_lowercase();
    match host
        .strip_suffix(&domain)
        .is_some_and(|label| label.ends_with('.'))
    {
        true => access::find(app, host).await,
        false => Ok(None),
    }
}

/// Host and port of a registry that is given as people write it.
fn host(uri: &str) -> Result<String, Error> {
    let text = uri.trim().trim_end_matches('/');
    let text = text.strip_prefix("https://").unwrap_or(text);
    if text.is_empty() || text.len() > LONGEST_HOST || text.contains("://") {
        let why = "it is the host of a registry, perhaps with a port";
        return Err(invalid("source.registryUri", why));
    }
    Ok(text.to_ascii_lowercase())
}

/// Whether the caller, or whoever the credential belongs to, may pull.
async fn check_pull(
    app: &App,
    caller: &Caller,
    registry: &Arc<Registry>,
    repository: &RepositoryName,
    credentials: Option<&ImportCredentials>,
) -> Result<(), Error> {
    let login_server = &registry.login_server;
    if !registry.admits_services() {
        let why = "its network rules let no import through; set networkRuleBypassOptions to AzureServices to allow that";
        return Err(refusal::source("SourceDenied", login_server, why));
    }
    if let Some(credentials) = credentials {
        return log_in(app, registry, repository, credentials).await;
    }
    let access = Access::of(app, registry, Identity::Principal(caller.clone())).await?;
    if access.is_some_and(|access| access.allows(repository, &Action::Pull)) {
        return Ok(());
    }
    let anonymous = Access::of(app, registry, Identity::Anonymous).await?;
    if anonymous.is_some_and(|access| access.allows(repository, &Action::Pull)) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Forbidden,
        "AuthorizationFailed",
        format!(
            "The source registry '{login_server}': the client '{}' with object id '{}' has no right to pull from '{repository}' there.",
            caller.name, caller.object_id
        ),
    )
    .from_provider())
}

async fn log_in(
    app: &App,
    registry: &Arc<Registry>,
    repository: &RepositoryName,
    credentials: &ImportCredentials,
) -> Result<(), Error> {
    let refuse = |refusal| refusal::of_own_access(&registry.login_server, refusal);
    let pair = match credentials.username.as_deref() {
        Some(name) if !name.is_empty() => format!("{name}:{}", credentials.password),
        _ => {
            let exchanged = access::exchange(app, registry, &credentials.password).await;
            format!("{TOKEN_USER}:{}", exchanged.map_err(refuse)?)
        }
    };
    let header = format!("Basic {}", STANDARD.encode(pair));
    let knock = Knock {
        registry,
        peer: None,
        authorization: Some(&header),
    };
    let demand = Demand::Repository(repository, &[Action::Pull]);
    access::admit(app, knock, demand)
        .await
        .map(drop)
        .map_err(refuse)
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn a_host_may_be_written_as_an_address() {
        for (given, expected) in [
            ("Registry.Example:5000", Some("registry.example:5000")),
            ("https://mcr.microsoft.com/", Some("mcr.microsoft.com")),
            ("http://registry.example", None),
            ("file:///etc", None),
            ("", None),
        ] {
            assert_eq!(host(given).ok().as_deref(), expected, "{given}");
        }
    }
}
