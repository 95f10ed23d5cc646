//! Which registry a request to the token service is about.

use std::sync::Arc;

use acr_api::oci::{ErrorBody, ErrorCode};
use axum::{http::StatusCode, response::Response};

use crate::{
    app::App,
    data::{answer::no_such_registry, host::is_registry_host},
    domain::{
        Error,
        access::{self, Registry, path_style},
    },
    http::{oci_error, registry_refusal},
};

/// What a token is for.
pub(super) enum Target {
    /// The registry of the host.
    Registry(Arc<Registry>),
    /// A registry on a host that is no registry's: there, the names of repositories begin with it.
    InPath(Arc<Registry>),
    /// The server itself: no registry is named yet, or none that is there.
    Server,
}

impl Target {
    /// The registry of the host, which the service must be as well. On a host that is no registry's,
    /// the service names the registry, or the scopes do where the service is that host itself: both
    /// are what a challenge says there.
    pub(super) async fn find(
        app: &App,
        host: &str,
        service: Option<&str>,
        scopes: impl Iterator<Item = &str>,
    ) -> Result<Self, Box<Response>> {
        let of_host = found(access::find(app, host).await)?;
        let of_service = match service {
            Some(service) => found(access::find(app, service).await)?,
            None => of_host.clone(),
        };
        let is_own_host = !is_registry_host(app, host);
        let is_named_itself = service.is_some_and(|service| service.eq_ignore_ascii_case(host));
        match (of_host, of_service) {
            (Some(one), Some(other)) if one.id.key() == other.id.key() => Ok(Self::Registry(one)),
            (Some(_), _) => Err(refuse(
                "the service must be the login server of this registry",
            )),
            (None, Some(registry)) if is_own_host => Ok(Self::InPath(registry)),
            (None, None) if is_own_host && is_named_itself => in_path(app, scopes).await,
            (None, _) => Err(Box::new(no_such_registry(service.unwrap_or(host)))),
        }
    }

    /// The registry, if one is named.
    pub(super) fn registry(&self) -> Option<&Arc<Registry>> {
        match self {
            Self::Registry(registry) | Self::InPath(registry) => Some(registry),
            Self::Server => None,
        }
    }
}

async fn in_path(app: &App, scopes: impl Iterator<Item = &str>) -> Result<Target, Box<Response>> {
    // What is malformed is told to whoever gets that far.
    let scopes = access::scopes(scopes).unwrap_or_default();
    let registry = match path_style::registry_of(&scopes) {
        Some(label) => found(access::by_label(app, label).await)?,
        None => None,
    };
    Ok(registry.map_or(Target::Server, Target::InPath))
}

fn found(
    lookup: Result<Option<Arc<Registry>>, Error>,
) -> Result<Option<Arc<Registry>>, Box<Response>> {
    lookup.map_err(|error| Box::new(oci_error::respond(&error)))
}

fn refuse(message: &str) -> Box<Response> {
    let body = ErrorBody::of(ErrorCode::Unsupported, message, None);
    Box::new(registry_refusal::body(StatusCode::BAD_REQUEST, &body))
}
