//! Manifests: pages of them, and their attributes.

use acr_api::{
    acr::{ManifestAnswer, ManifestList},
    oci::RepositoryName,
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
    response::Response,
};

use super::change;
use crate::{
    data::{answer::json, call::Call, link, v2},
    domain::{
        Error,
        content::{manifest, repository},
    },
};

pub(super) async fn list(call: &Call, name: &RepositoryName) -> Result<Response, Error> {
    let query = call.page()?;
    let repository = repository::find(&call.app, call.registry(), name).await?;
    let page = manifest::list(&call.app, &repository, &query).await?;
    let list = ManifestList {
        registry: call.registry().login_server.clone(),
        image_name: name.to_string(),
        manifests: page.items.clone(),
    };
    let response = json(StatusCode::OK, &list);
    Ok(link::add(response, call, &query, &page, |manifest| {
        manifest.digest.to_string()
    }))
}

pub(super) async fn one(
    call: Call,
    name: &RepositoryName,
    digest: &str,
    body: Body,
) -> Result<Response, Error> {
    let digest = v2::digest(digest)?;
    let attributes = match call.method {
        Method::PATCH => {
            let asked = change::read(body).await?;
            manifest::change(&call.app, call.registry(), name, &digest, &asked).await?
        }
        _ => {
            let repository = repository::find(&call.app, call.registry(), name).await?;
            manifest::attributes(&call.app, &repository, &digest).await?
        }
    };
    let answer = ManifestAnswer {
        registry: call.registry().login_server.clone(),
        image_name: name.to_string(),
        manifest: attributes,
    };
    Ok(json(StatusCode::OK, &answer))
}
