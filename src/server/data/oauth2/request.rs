//! A request to the token service: its parameters, and the registry that it is about.

use acr_api::{
    auth::Scope,
    oci::{ErrorBody, ErrorCode},
};
use axum::{
    extract::Request,
    http::{header, request::Parts},
    response::Response,
};

use super::target::Target;
use crate::{
    app::App,
    domain::access::{self, Refusal, path_style},
    http::{Peer, extract, origin, registry_refusal},
};

/// A request about something that its sender may reach.
pub(super) struct TokenRequest {
    pub(super) app: App,
    pub(super) target: Target,
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
        let target = Target::find(&app, host(&origin), service, scopes(&fields));
        let target = target.await?;
        let authorization = parts.headers.get(header::AUTHORIZATION);
        let authorization = authorization.and_then(|value| value.to_str().ok());
        let request = Self {
            authorization: authorization.map(str::to_owned),
            app,
            target,
            origin,
            fields,
        };
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.addr.ip());
        match request.target.registry() {
            Some(registry) => match access::check_network(registry, peer) {
                Ok(()) => Ok(request),
                Err(refusal) => Err(Box::new(request.refuse(&refusal))),
            },
            None => Ok(request),
        }
    }

    /// The first value of a parameter, unless it is empty.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        first(&self.fields, name)
    }

    /// The scopes that are asked for, as the registry words them.
    pub(super) fn scopes(&self) -> Result<Vec<Scope>, Refusal> {
        let scopes = access::scopes(scopes(&self.fields))?;
        Ok(match &self.target {
            Target::InPath(registry) => path_style::inside(&registry.label, scopes),
            Target::Registry(_) | Target::Server => scopes,
        })
    }

    /// What the token service knows the registry by, or the server that none is named to yet.
    pub(super) fn service(&self) -> &str {
        match self.target.registry() {
            Some(registry) => &registry.login_server,
            None => host(&self.origin),
        }
    }

    /// The `Authorization` header.
    pub(super) fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// The answer to a refused request.
    pub(super) fn refuse(&self, refusal: &Refusal) -> Response {
        registry_refusal::respond(refusal, self.service(), &self.origin)
    }
}

fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

fn scopes(fields: &[(String, String)]) -> impl Iterator<Item = &str> {
    let named = fields.iter().filter(|(field, _)| field == "scope");
    named.map(|(_, value)| value.as_str())
}

fn first<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut named = fields.iter().filter(|(field, _)| field == name);
    let (_, value) = named.next()?;
    (!value.is_empty()).then_some(value.as_str())
}
