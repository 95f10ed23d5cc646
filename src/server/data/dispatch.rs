//! From a request to its handler: what it is about, what it needs, who answers it.

use acr_api::{auth::Action, oci::RepositoryName};
use axum::{
    body::Body,
    http::{Method, request::Parts},
    response::Response,
};

use super::{
    acr_v1,
    answer::{no_such_method, no_such_path},
    call::Call,
    gate,
    host::Destination,
    route::{Acr, Content, Route},
    v2,
};
use crate::{
    app::App,
    domain::{Error, access::Demand},
    http::oci_error,
};

const PULL: &[Action] = &[Action::Pull];
const PUSH: &[Action] = &[Action::Pull, Action::Push];
const DELETE: &[Action] = &[Action::Delete];
const METADATA_READ: &[Action] = &[Action::MetadataRead];
const METADATA_WRITE: &[Action] = &[Action::MetadataWrite];

/// Answers a request to a registry.
pub(super) async fn answer(
    app: App,
    destination: Destination,
    parts: Parts,
    body: Body,
) -> Response {
    let Some(route) = Route::parse(&destination.path) else {
        return no_such_path();
    };
    let demand = match demand(&route, &parts.method) {
        Ok(demand) => demand,
        Err(allowed) => return no_such_method(&parts.method, allowed),
    };
    let access = match gate::enter(&app, &destination, &parts, demand).await {
        Ok(access) => access,
        Err(refusal) => return refusal,
    };
    let call = Call {
        app,
        access,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        method: parts.method,
        headers: parts.headers,
        base: destination.base,
    };
    handle(call, route, body)
        .await
        .unwrap_or_else(|error| oci_error::respond(&error))
}

/// What a request needs of its caller, or the methods there are.
fn demand<'a>(route: &'a Route, method: &Method) -> Result<Demand<'a>, &'static str> {
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    match route {
        Route::Ping => is_read.then_some(Demand::Entry).ok_or("GET, HEAD"),
        Route::Catalog | Route::AcrCatalog => is_read.then_some(Demand::Catalog).ok_or("GET, HEAD"),
        Route::Content(name, content) => content_actions(content, method, is_read)
            .map(|actions| Demand::Repository(name, actions)),
        Route::Acr(name, acr) => {
            acr_actions(acr, method, is_read).map(|actions| Demand::Repository(name, actions))
        }
    }
}

fn content_actions(
    content: &Content,
    method: &Method,
    is_read: bool,
) -> Result<&'static [Action], &'static str> {
    match (content, method) {
        (Content::Upload(_), &Method::GET | &Method::PATCH | &Method::PUT | &Method::DELETE) => {
            Ok(PUSH)
        }
        (Content::Upload(_), _) => Err("GET, PATCH, PUT, DELETE"),
        (Content::Uploads, &Method::POST) => Ok(PUSH),
        (Content::Uploads, _) => Err("POST"),
        (Content::Manifest(_) | Content::Blob(_), &Method::DELETE) => Ok(DELETE),
        (Content::Manifest(_), &Method::PUT) => Ok(PUSH),
        _ if is_read => Ok(PULL),
        (Content::Manifest(_), _) => Err("GET, HEAD, PUT, DELETE"),
        (Content::Blob(_), _) => Err("GET, HEAD, DELETE"),
        _ => Err("GET, HEAD"),
    }
}

fn acr_actions(
    acr: &Acr,
    method: &Method,
    is_read: bool,
) -> Result<&'static [Action], &'static str> {
    match (acr, method) {
        _ if is_read => Ok(METADATA_READ),
        (Acr::Repository | Acr::Tag(_) | Acr::Manifest(_), &Method::PATCH) => Ok(METADATA_WRITE),
        (Acr::Repository | Acr::Tag(_), &Method::DELETE) => Ok(DELETE),
        (Acr::Repository | Acr::Tag(_), _) => Err("GET, HEAD, PATCH, DELETE"),
        (Acr::Manifest(_), _) => Err("GET, HEAD, PATCH"),
        _ => Err("GET, HEAD"),
    }
}

async fn handle(call: Call, route: Route, body: Body) -> Result<Response, Error> {
    match route {
        Route::Ping => Ok(v2::ping()),
        Route::Catalog | Route::AcrCatalog => v2::catalog(&call).await,
        Route::Content(name, content) => handle_content(call, name, content, body).await,
        Route::Acr(name, acr) => acr_v1::handle(call, name, acr, body).await,
    }
}

async fn handle_content(
    call: Call,
    name: RepositoryName,
    content: Content,
    body: Body,
) -> Result<Response, Error> {
    match content {
        Content::Tags => v2::tags(&call, &name).await,
        Content::Referrers(digest) => v2::referrers(&call, &name, &digest).await,
        Content::Uploads => v2::begin_upload(call, name, body).await,
        Content::Upload(id) => v2::upload(call, name, &id, body).await,
        Content::Manifest(reference) => v2::manifest(call, name, &reference, body).await,
        Content::Blob(digest) => v2::blob(&call, &name, &digest).await,
    }
}
