//! From a request to its handler: what it is about, what it needs, who answers it.

use acr_api::{auth::Action, oci::RepositoryName};
use axum::{
    body::Body,
    http::{Method, request::Parts},
    response::Response,
};

use super::{
    acr_v1,
    answer::{no_such_method, no_such_path, no_such_repository},
    call::Call,
    gate,
    host::Destination,
    query::mounted_from,
    route::{Acr, Content, Deleted, Route},
    v2,
};
use crate::{
    app::App,
    domain::{
        Error,
        access::{Demand, PUSH},
    },
    http::oci_error,
};

const PULL: &[Action] = &[Action::Pull];
const DELETE: &[Action] = &[Action::Delete];
const METADATA_READ: &[Action] = &[Action::MetadataRead];
const METADATA_WRITE: &[Action] = &[Action::MetadataWrite];
/// Which of the two it takes, the body says.
const MANIFEST_WRITE: &[Action] = &[Action::MetadataWrite, Action::QuarantineWrite];
const DELETED_READ: &[Action] = &[Action::DeletedRead];
const DELETED_RESTORE: &[Action] = &[Action::DeletedRead, Action::DeletedRestore];

/// Answers a request to a registry.
pub(super) async fn answer(
    app: App,
    destination: Destination,
    parts: Parts,
    body: Body,
) -> Response {
    let Some(route) = Route::parse(&destination.path) else {
        return match destination.path.starts_with("/v2/") {
            true => no_such_repository(),
            false => no_such_path(),
        };
    };
    let source = mounted_from(parts.uri.query().unwrap_or_default(), &destination.base);
    let demand = match demand(&route, &parts.method, source.as_ref()) {
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
fn demand<'a>(
    route: &'a Route,
    method: &Method,
    source: Option<&'a RepositoryName>,
) -> Result<Demand<'a>, &'static str> {
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    match route {
        Route::Content(target, Content::Uploads) if *method == Method::POST => Ok(match source {
            Some(source) => Demand::Mount { target, source },
            None => Demand::Repository(target, PUSH),
        }),
        Route::Ping => is_read.then_some(Demand::Entry).ok_or("GET, HEAD"),
        Route::Catalog | Route::AcrCatalog => is_read.then_some(Demand::Catalog).ok_or("GET, HEAD"),
        Route::Content(name, content) => content_actions(content, method, is_read)
            .map(|actions| Demand::Repository(name, actions)),
        Route::Acr(name, Acr::Manifest(_)) if *method == Method::PATCH => {
            Ok(Demand::AnyOf(name, MANIFEST_WRITE))
        }
        Route::Acr(name, acr) => {
            acr_actions(acr, method, is_read).map(|actions| Demand::Repository(name, actions))
        }
        Route::DeletedCatalog => is_read.then_some(Demand::DeletedCatalog).ok_or("GET, HEAD"),
        Route::Deleted(name, Deleted::Manifest(_)) => (*method == Method::POST)
            .then_some(Demand::Repository(name, DELETED_RESTORE))
            .ok_or("POST"),
        Route::Deleted(name, Deleted::Tags | Deleted::Manifests) => is_read
            .then_some(Demand::Repository(name, DELETED_READ))
            .ok_or("GET, HEAD"),
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
        (Acr::Repository | Acr::Tag(_), &Method::PATCH) => Ok(METADATA_WRITE),
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
        // In a box, so that the room it needs is not made and moved for every other request.
        Route::Acr(name, acr) => Box::pin(acr_v1::handle(call, name, acr, body)).await,
        Route::DeletedCatalog => acr_v1::deleted_repositories(&call).await,
        Route::Deleted(name, deleted) => {
            Box::pin(acr_v1::deleted(&call, &name, deleted, body)).await
        }
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
        // In boxes, so that the room they need is not made and moved for every read.
        Content::Uploads => Box::pin(v2::begin_upload(call, name, body)).await,
        Content::Upload(id) => Box::pin(v2::upload(call, name, &id, body)).await,
        Content::Manifest(reference) => v2::manifest(call, name, &reference, body).await,
        Content::Blob(digest) => v2::blob(&call, &name, &digest).await,
    }
}
