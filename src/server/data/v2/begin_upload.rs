//! `POST blobs/uploads/`: begins an upload, unless the blob comes with the request or is in the registry.

use acr_api::{
    auth::Action,
    oci::{Algorithm, Digest, ErrorCode, RepositoryName},
};
use axum::{body::Body, http::StatusCode, response::Response};

use super::{digest, upload};
use crate::{
    data::{
        answer::{at, of_digest},
        call::Call,
        query::mounted_from,
    },
    domain::{
        Error,
        content::{blob, upload as session},
    },
};

pub(crate) async fn begin_upload(
    call: Call,
    name: RepositoryName,
    body: Body,
) -> Result<Response, Error> {
    if let Some(named) = call.parameter("mount") {
        let digest = digest(&named)?;
        if mount(&call, &name, &digest).await? {
            return Ok(created(&call, &name, &digest));
        }
    } else if let Some(named) = call.parameter("digest") {
        return store(&call, name, digest(&named)?, body).await;
    }
    let algorithm = algorithm(&call)?;
    let id = session::begin(&call.app, call.registry(), &name, algorithm).await?;
    Ok(upload::under_way(
        &call,
        &name,
        StatusCode::ACCEPTED,
        (&id.to_string(), 0),
    ))
}

/// Takes the blob from the repository that is named, or from any other that the caller may read.
async fn mount(call: &Call, name: &RepositoryName, digest: &Digest) -> Result<bool, Error> {
    let may_pull = |name: &RepositoryName| call.access.allows(name, &Action::Pull);
    if call.parameter("from").is_none() {
        return blob::mount_anywhere(&call.app, call.registry(), name, digest, &may_pull).await;
    }
    match mounted_from(&call.query, &call.base) {
        Some(from) if may_pull(&from) => {
            blob::mount(&call.app, call.registry(), name, &from, digest).await
        }
        _ => Ok(false),
    }
}

async fn store(
    call: &Call,
    name: RepositoryName,
    digest: Digest,
    body: Body,
) -> Result<Response, Error> {
    let chunk = upload::chunk(call, body)?;
    let (app, access) = (call.app.clone(), call.access.clone());
    let target = name.clone();
    upload::to_the_end(async move {
        session::store(&app, access.registry(), &target, chunk, &digest).await
    })
    .await?;
    Ok(created(call, &name, &digest))
}

/// The answer to a blob that is now in the repository.
pub(super) fn created(call: &Call, name: &RepositoryName, digest: &Digest) -> Response {
    let location = call.location(name, &format!("blobs/{digest}"));
    of_digest(at(StatusCode::CREATED, &location), digest)
}

fn algorithm(call: &Call) -> Result<Algorithm, Error> {
    match call.parameter("digest-algorithm") {
        None => Ok(Algorithm::default()),
        Some(word) => word.parse().map_err(|error: acr_api::oci::InvalidDigest| {
            Error::invalid(
                ErrorCode::DigestInvalid.as_str().to_owned(),
                error.to_string(),
            )
        }),
    }
}
