//! `manifests`: read, taken and deleted.

use acr_api::{
    auth::Action,
    oci::{
        ErrorCode, InvalidReference, Reference, RepositoryName,
        media_type::{Kind, essence},
    },
};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
    response::Response,
};

use super::push_manifest::push;
use crate::{
    data::{
        answer::{empty, of_digest},
        call::Call,
    },
    domain::{
        Error, ErrorKind,
        content::{
            Repository,
            manifest::{self, Found},
            pull, repository, tag,
        },
    },
    http::answer,
};

pub(crate) async fn manifest(
    call: Call,
    name: RepositoryName,
    reference: &str,
    body: Body,
) -> Result<Response, Error> {
    let reference: Result<Reference, _> = reference.parse();
    match (&call.method, reference) {
        // In boxes, so that the room they need is not made and moved for every read.
        (&Method::PUT, Ok(reference)) => Box::pin(push(&call, name, reference, body)).await,
        (&Method::PUT, Err(error)) => Err(malformed(&error)),
        // What can never be there is not there.
        (_, Err(error)) => Err(Error::not_found(
            ErrorCode::ManifestUnknown.as_str().to_owned(),
            error.to_string(),
        )),
        (&Method::DELETE, Ok(reference)) => Box::pin(delete(&call, &name, &reference)).await,
        (_, Ok(reference)) => read(&call, &name, &reference).await,
    }
}

fn malformed(error: &InvalidReference) -> Error {
    let code = match error {
        InvalidReference::Tag(_) => ErrorCode::TagInvalid,
        InvalidReference::Digest(_) => ErrorCode::DigestInvalid,
    };
    Error::invalid(code.as_str().to_owned(), error.to_string())
}

async fn read(
    call: &Call,
    name: &RepositoryName,
    reference: &Reference,
) -> Result<Response, Error> {
    let repository = repository::find(&call.app, call.registry(), name).await?;
    let found = manifest::find(&call.app, &repository, reference).await?;
    let sees_all = call.access.allows(name, &Action::QuarantineRead);
    manifest::check_quarantine(&repository, &found, reference, sees_all)?;
    if !is_accepted(call, found.media_type()) {
        return Err(not_accepted(found.media_type()));
    }
    let etag = format!("\"{}\"", found.digest());
    let response = match call.has(&etag) {
        true => empty(StatusCode::NOT_MODIFIED),
        false => body(call, &repository, &found).await?,
    };
    if call.method == Method::GET {
        pull::note(&call.app, &repository, &found, reference);
    }
    let response = answer::header(response, header::ETAG, &etag);
    Ok(of_digest(response, found.digest()))
}

async fn body(call: &Call, repository: &Repository, found: &Found) -> Result<Response, Error> {
    let response = match call.method {
        Method::HEAD => empty(StatusCode::OK),
        _ => {
            let content = manifest::content(&call.app, repository, found).await?;
            Response::new(Body::from(content.text))
        }
    };
    let response = answer::header(response, header::CONTENT_TYPE, found.media_type());
    let length = found.size().to_string();
    Ok(answer::header(response, header::CONTENT_LENGTH, &length))
}

/// Clients list the forms they know. One that lists none, or whatever there is, takes all; the others are given what
/// is there too, as registries do, unless they name manifests and this form is not among them.
fn is_accepted(call: &Call, media_type: &str) -> bool {
    let named = call.headers.get_all(header::ACCEPT).iter();
    let mut has_manifests = false;
    for named in named
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(essence)
    {
        if named == "*/*" || named == "application/*" || named.eq_ignore_ascii_case(media_type) {
            return true;
        }
        has_manifests |= Kind::of(named).is_manifest();
    }
    !has_manifests
}

fn not_accepted(media_type: &str) -> Error {
    Error::not_found(
        ErrorCode::ManifestUnknown.as_str().to_owned(),
        format!(
            "the manifest is a {media_type}, which the Accept header of the request does not name"
        ),
    )
}

async fn delete(
    call: &Call,
    name: &RepositoryName,
    reference: &Reference,
) -> Result<Response, Error> {
    match reference {
        Reference::Digest(digest) => {
            manifest::delete(&call.app, call.registry(), name, digest).await?;
        }
        Reference::Tag(tag) => {
            tag::delete(&call.app, call.registry(), name, tag)
                .await
                .map_err(|error| as_manifest(error, reference))?;
        }
    }
    Ok(empty(StatusCode::ACCEPTED))
}

/// To the distribution API a tag that is not there is a manifest that is not there.
fn as_manifest(error: Error, reference: &Reference) -> Error {
    if error.kind() == ErrorKind::NotFound && error.code() == ErrorCode::TagUnknown.as_str() {
        return Error::not_found(
            ErrorCode::ManifestUnknown.as_str().to_owned(),
            format!("manifest tagged by \"{reference}\" is not found"),
        );
    }
    error
}
