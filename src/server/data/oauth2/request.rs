//! A request to the token service: its parameters, and the registry that it is about.

use std::{net::IpAddr, sync::Arc};

use acr_api::oci::{ErrorBody, ErrorCode};
use axum::{
    extract::Request,
    http::{StatusCode, header, request::Parts},
    response::Response,
};

use crate::{
    app::App,
    domain::access::{self, Refusal, Registry},
    http::{Peer, extract, origin, registry_refusal},
};

/// A request that names a registry which its sender may reach.
pub(super) struct TokenRequest {
    pub(super) app: App,
    pub(super) registry: Arc<Registry>,
    authorization: Option<String>,
    origin: String,
    fields: Vec<(String, String)>,
}

impl TokenRequest {
    /// Reads a request whose parameters are in its body.
    pub(super) async fn of_form(app: App, request: Request) -> Result<Self, Box<Response>> {
        let (parts, body) = request.into_parts();
        let origin = origin(&app, &parts);
        match extract::form(body).await {
            Ok(fields) => Self::of(app, &parts, origin, fields).await,
            Err(error) => {
                let body = ErrorBody::of(ErrorCode::SizeInvalid, error.message(), None);
                let status = crate::http::arm_error::status(error.kind());
                Err(Box::new(registry_refusal::body(status, &body)))
            }
        }
    }

    /// Reads a request whose parameters are in its query.
    pub(super) async fn of_query(app: App, request: Request) -> Result<Self, Box<Response>> {
        let (parts, _) = request.into_parts();
        let origin = origin(&app, &parts);
        let fields = extract::pairs(parts.uri.query().unwrap_or_default().as_bytes());
        Self::of(app, &parts, origin, fields).await
    }

    async fn of(
        app: App,
        parts: &Parts,
        origin: String,
        fields: Vec<(String, String)>,
    ) -> Result<Self, Box<Response>> {
        let service = first(&fields, "service");
        let registry = registry(&app, &origin, service).await.map_err(Box::new)?;
        let authorization = parts.headers.get(header::AUTHORIZATION);
        let authorization = authorization.and_then(|value| value.to_str().ok());
        let request = Self {
            authorization: authorization.map(str::to_owned),
            app,
            registry,
            origin,
            fields,
        };
        let peer = parts.extensions.get::<Peer>();
        match access::check_network(&request.registry, peer.map(address)) {
            Ok(()) => Ok(request),
            Err(refusal) => Err(Box::new(request.refuse(&refusal))),
        }
    }

    /// The first value of a parameter, unless it is empty.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        first(&self.fields, name)
    }

    /// All values of a parameter.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.fields.iter().filter(move |(field, _)| field == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The `Authorization` header.
    pub(super) fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// The answer to a refused request.
    pub(super) fn refuse(&self, refusal: &Refusal) -> Response {
        registry_refusal::respond(refusal, &self.registry, &self.origin)
    }
}

/// The registry of the host, which the service must be as well; on the server's own host, the one
/// that the service names.
async fn registry(
    app: &App,
    origin: &str,
    service: Option<&str>,
) -> Result<Arc<Registry>, Response> {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let by_host = find(app, host).await?;
    let by_service = match service {
        Some(service) => find(app, service).await?,
        None => by_host.clone(),
    };
    let is_own_host = host.eq_ignore_ascii_case(&app.settings().domain)
        || app.settings().endpoint.ends_with(&format!("://{host}"));
    match (by_host, by_service) {
        (Some(one), Some(other)) if one.id.key() == other.id.key() => Ok(one),
        (None, Some(registry)) if is_own_host => Ok(registry),
        (Some(_), _) => Err(refuse(
            StatusCode::BAD_REQUEST,
            "the service must be the login server of this registry",
        )),
        (None, _) => Err(refuse(StatusCode::NOT_FOUND, "there is no such registry")),
    }
}

async fn find(app: &App, host: &str) -> Result<Option<Arc<Registry>>, Response> {
    access::find(app, host).await.map_err(|error| {
        tracing::error!(%error, "a registry could not be looked up");
        let refusal = Refusal::Failed(error);
        let status = crate::http::arm_error::status(refusal.kind());
        registry_refusal::body(status, &refusal.body())
    })
}

fn refuse(status: StatusCode, message: &str) -> Response {
    let code = match status {
        StatusCode::NOT_FOUND => ErrorCode::NameUnknown,
        _ => ErrorCode::Unsupported,
    };
    registry_refusal::body(status, &ErrorBody::of(code, message, None))
}

fn first<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut named = fields.iter().filter(|(field, _)| field == name);
    let (_, value) = named.next()?;
    (!value.is_empty()).then_some(value.as_str())
}

fn address(peer: &Peer) -> IpAddr {
    peer.addr.ip()
}
