//! What was deleted: pages of it, and its return.

use acr_api::{
    acr::{
        DeletedManifestList, DeletedRepositoryList, DeletedTagList, ManifestAnswer, RestoreRequest,
    },
    oci::{ErrorCode, RepositoryName},
};
use axum::{body::Body, http::StatusCode, response::Response};

use crate::{
    data::{answer::json, body::Document, call::Call, link, route::Deleted, v2},
    domain::{
        Error,
        content::deleted::{self, Restore},
    },
};

/// It names one tag at most.
const RESTORE: Document = Document {
    what: "the tag to restore",
    most_bytes: 64 * 1024,
    refusal: ErrorCode::Unsupported,
};

/// The repositories that were deleted.
pub(crate) async fn repositories(call: &Call) -> Result<Response, Error> {
    let query = call.page()?;
    let page = deleted::repositories(&call.app, call.registry(), &query).await?;
    let list = DeletedRepositoryList {
        repositories: page.items.clone(),
    };
    let response = json(StatusCode::OK, &list);
    Ok(link::add(response, call, &query, &page, |deleted| {
        deleted.repository.clone()
    }))
}

/// What was deleted of a repository.
pub(crate) async fn deleted(
    call: &Call,
    name: &RepositoryName,
    deleted: Deleted,
    body: Body,
) -> Result<Response, Error> {
    match deleted {
        Deleted::Manifests => manifests(call, name).await,
        Deleted::Tags => tags(call, name).await,
        Deleted::Manifest(digest) => restore(call, name, &digest, body).await,
    }
}

async fn manifests(call: &Call, name: &RepositoryName) -> Result<Response, Error> {
    let query = call.page()?;
    let page = deleted::manifests(&call.app, call.registry(), name, &query).await?;
    let list = DeletedManifestList {
        manifests: page.items.clone(),
    };
    let response = json(StatusCode::OK, &list);
    Ok(link::add(response, call, &query, &page, |deleted| {
        deleted.digest.to_string()
    }))
}

async fn tags(call: &Call, name: &RepositoryName) -> Result<Response, Error> {
    let query = call.page()?;
    let page = deleted::tags(&call.app, call.registry(), name, &query).await?;
    let list = DeletedTagList {
        tags: page.items.clone(),
    };
    let response = json(StatusCode::OK, &list);
    Ok(link::add(response, call, &query, &page, deleted::mark))
}

async fn restore(
    call: &Call,
    name: &RepositoryName,
    digest: &str,
    body: Body,
) -> Result<Response, Error> {
    let digest = v2::digest(digest)?;
    let request = read(body).await?;
    let tag = request.tag.filter(|tag| !tag.is_empty());
    let tag = tag.as_deref().map(v2::tag).transpose()?;
    let force = call.parameter("force").unwrap_or_default();
    let asked = Restore {
        name,
        digest: &digest,
        tag: tag.as_ref(),
        is_forced: force.eq_ignore_ascii_case("true"),
    };
    let manifest = deleted::restore(&call.app, call.registry(), asked).await?;
    let answer = ManifestAnswer {
        registry: call.registry().login_server.clone(),
        image_name: name.to_string(),
        manifest,
    };
    Ok(json(StatusCode::OK, &answer))
}

/// The tag the manifest is to have; without a body, none.
async fn read(body: Body) -> Result<RestoreRequest, Error> {
    let bytes = RESTORE.read(body).await?;
    match bytes.is_empty() {
        true => Ok(RestoreRequest::default()),
        false => RESTORE.parse(&bytes),
    }
}
