//! Which registry a request is for: by its host, or by the first part of its path on the management host.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};

use super::{
    answer::{finished, json, no_such_path, no_such_registry, no_such_repository},
    dispatch, path,
};
use crate::{
    app::App,
    domain::{
        Error,
        access::{self, Refusal, Registry},
    },
    http::{oci_error, origin, registry_refusal},
};

/// Where the paths of the distribution API begin.
const DISTRIBUTION: &str = "/v2";
/// Where all paths begin that can be followed by the name of a registry.
const API: [&str; 2] = [DISTRIBUTION, "/acr/v1"];

/// Where a request goes.
pub(super) struct Destination {
    pub(super) registry: Arc<Registry>,
    /// What stands between `/v2` or `/acr/v1` and the names in paths.
    pub(super) base: String,
    /// The path as the registry's own host would see it, decoded.
    pub(super) path: String,
}

/// What a host and a path stand for.
enum Place {
    Registry(Destination),
    /// The host or the path of a registry that is not there.
    Unknown(String),
    /// A path that is no registry's.
    Nowhere,
    /// A path of the registries' API that names none.
    Nameless,
    /// The distribution API itself, without the name of a registry.
    Root,
    /// The management endpoint.
    Management,
}

/// Answers what is for a registry and hands on the rest; a registry's host never reaches what lies behind.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match place(&app, &parts).await {
        Ok(Place::Management) => next.run(Request::from_parts(parts, body)).await,
        Ok(Place::Registry(destination)) => {
            finished(dispatch::answer(app, destination, parts, body).await)
        }
        Ok(Place::Unknown(name)) => finished(no_such_registry(&name)),
        Ok(Place::Nowhere) => finished(no_such_path()),
        Ok(Place::Nameless) => finished(no_such_repository()),
        Ok(Place::Root) => finished(root(&app, &parts)),
        Err(error) => finished(oci_error::respond(&error)),
    }
}

/// Whether a request may bring more than a document: its handler reads the body as a stream, or sets a limit of its own
/// and says so in the words of a registry.
pub(crate) fn has_large_body(parts: &Parts) -> bool {
    let path = path::decoded(parts.uri.path());
    path.is_some_and(|path| API.iter().any(|api| is_below(&path, api)))
}

fn is_below(path: &str, api: &str) -> bool {
    path.strip_prefix(api)
        .is_some_and(|rest| rest.starts_with('/'))
}

async fn place(app: &App, parts: &Parts) -> Result<Place, Error> {
    let host = host(parts);
    let Some(path) = path::decoded(parts.uri.path()) else {
        return Ok(match is_registry_host(app, &host) {
            true => Place::Nowhere,
            false => Place::Management,
        });
    };
    if is_registry_host(app, &host) {
        let found = access::find(app, &host).await?;
        return Ok(found.map_or(Place::Unknown(host), |registry| {
            Place::Registry(Destination {
                registry,
                base: String::new(),
                path,
            })
        }));
    }
    let Some((api, rest)) = API
        .iter()
        .find_map(|api| Some((api, path.strip_prefix(api)?)))
    else {
        return Ok(Place::Management);
    };
    match rest.strip_prefix('/').map(|rest| rest.split_once('/')) {
        None if !rest.is_empty() => Ok(Place::Management),
        Some(Some((label, inner))) => {
            let found = access::by_label(app, label).await?;
            Ok(found.map_or(Place::Unknown(label.to_owned()), |registry| {
                Place::Registry(Destination {
                    registry,
                    base: format!("/{label}"),
                    path: format!("{api}/{inner}"),
                })
            }))
        }
        Some(None) if rest.len() > 1 => Ok(Place::Nameless),
        _ if *api == DISTRIBUTION => Ok(Place::Root),
        _ => Ok(Place::Nameless),
    }
}

/// The first request of a client that does not tell its registry by the host. It learns where tokens are
/// given, also to callers without a name; the registry it names next will say what the password is worth.
fn root(app: &App, parts: &Parts) -> Response {
    if parts.headers.contains_key(header::AUTHORIZATION) {
        return json(StatusCode::OK, &serde_json::json!({}));
    }
    let origin = origin(app, parts);
    let service = origin.split_once("://").map_or("", |(_, host)| host);
    registry_refusal::respond(&Refusal::unknown_caller(), service, &origin)
}

/// The host a request was sent to, in small letters and without its port.
fn host(parts: &Parts) -> String {
    let named = parts.uri.authority().map(|authority| authority.as_str());
    let sent = || parts.headers.get(header::HOST)?.to_str().ok();
    without_port(named.or_else(sent).unwrap_or_default())
        .trim_end_matches('.')
        .to_ascii_lowercase()
}

/// Whether a host is below the domain of registries, be there one or not.
pub(super) fn is_registry_host(app: &App, host: &str) -> bool {
    let domain = without_port(&app.settings().domain).to_ascii_lowercase();
    without_port(host)
        .strip_suffix(&domain)
        .is_some_and(|label| label.ends_with('.'))
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}
