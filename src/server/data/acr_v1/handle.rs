//! Which handler answers which part of a repository.

use acr_api::oci::RepositoryName;
use axum::{body::Body, response::Response};

use super::{manifests, repository, tags};
use crate::{
    data::{call::Call, route::Acr},
    domain::Error,
};

pub(crate) async fn handle(
    call: Call,
    name: RepositoryName,
    acr: Acr,
    body: Body,
) -> Result<Response, Error> {
    match acr {
        Acr::Repository => repository::one(call, &name, body).await,
        Acr::Tags => tags::list(&call, &name).await,
        Acr::Tag(tag) => tags::one(call, &name, &tag, body).await,
        Acr::Manifests => manifests::list(&call, &name).await,
        Acr::Manifest(digest) => manifests::one(call, &name, &digest, body).await,
    }
}
