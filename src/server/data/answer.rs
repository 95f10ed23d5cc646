//! Answers of a registry, and the headers that all of them carry.

use acr_api::oci::{Digest, ErrorBody, ErrorCode};
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use serde::Serialize;

use crate::http::{answer::header as with_header, oci_error, registry_refusal};

pub(super) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");

/// How much of a name is repeated.
const LONGEST_SHOWN: usize = 255;

/// The headers that scripts in browsers may read.
const EXPOSED: [&str; 4] = [
    "Docker-Content-Digest",
    "WWW-Authenticate",
    "Link",
    "X-Ms-Correlation-Request-Id",
];

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A document in JSON.
pub(super) fn json(status: StatusCode, document: &impl Serialize) -> Response {
    match serde_json::to_vec(document) {
        Ok(bytes) => {
            let mut response = Response::new(Body::from(bytes));
            *response.status_mut() = status;
            with_header(
                response,
                header::CONTENT_TYPE,
                "application/json; charset=utf-8",
            )
        }
        Err(error) => oci_error::respond(&crate::domain::Error::internal(error)),
    }
}

/// Something new, or something that is going on: where it is found.
pub(super) fn at(status: StatusCode, location: &str) -> Response {
    with_header(empty(status), header::LOCATION, location)
}

/// Adds the digest of what the answer is about.
pub(super) fn of_digest(response: Response, digest: &Digest) -> Response {
    with_header(response, CONTENT_DIGEST, &digest.to_string())
}

/// No registry has this name or this host.
pub(super) fn no_such_registry(name: &str) -> Response {
    let shown: String = name.chars().take(LONGEST_SHOWN).collect();
    let message = format!(
        "there is no registry '{shown}' here; a registry is named by the first part of its login server"
    );
    let body = ErrorBody::of(ErrorCode::NameUnknown, message, None);
    registry_refusal::body(StatusCode::NOT_FOUND, &body)
}

/// The path is one of the distribution API, but no repository's.
pub(super) fn no_such_repository() -> Response {
    let message = "the path names no repository; where the host does not tell the registry, images are named REGISTRY/REPOSITORY";
    let body = ErrorBody::of(ErrorCode::NameInvalid, message, None);
    registry_refusal::body(StatusCode::NOT_FOUND, &body)
}

/// Nothing is there, whoever asks.
pub(super) fn no_such_path() -> Response {
    let mut response = Response::new(Body::from("404 page not found\n"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    with_header(response, header::CONTENT_TYPE, "text/plain; charset=utf-8")
}

/// The path is there, but not for this method.
pub(super) fn no_such_method(method: &Method, allowed: &str) -> Response {
    let message = format!("{method} is not supported here");
    let body = ErrorBody::of(ErrorCode::Unsupported, message, None);
    let response = registry_refusal::body(StatusCode::METHOD_NOT_ALLOWED, &body);
    with_header(response, header::ALLOW, allowed)
}

/// Adds the headers of every answer of a registry.
pub(super) fn finished(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(API_VERSION, HeaderValue::from_static("registry/2.0"));
    headers
        .entry(header::SERVER)
        .or_insert(HeaderValue::from_static("AzureContainerRegistry"));
    for name in EXPOSED {
        let value = HeaderValue::from_static(name);
        headers.append(header::ACCESS_CONTROL_EXPOSE_HEADERS, value);
    }
    response
}
