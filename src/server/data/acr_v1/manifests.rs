//! Manifests: pages of them, and their attributes.

use acr_api::{
    acr::{ChangeableAttributes, ManifestAnswer, ManifestList},
    auth::Action,
    oci::{ErrorCode, RepositoryName},
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
        Error, ErrorKind,
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
            check_rights(&call, name, &asked)?;
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

/// Who may change locks need not be who lets things out of quarantine; where there is none, its words are attributes
/// like the others.
fn check_rights(
    call: &Call,
    name: &RepositoryName,
    asked: &ChangeableAttributes,
) -> Result<(), Error> {
    let verdict = ChangeableAttributes {
        quarantine_state: asked.quarantine_state.clone(),
        quarantine_details: asked.quarantine_details.clone(),
        ..ChangeableAttributes::default()
    };
    let has_verdict = verdict != ChangeableAttributes::default();
    let is_guarded = has_verdict && call.registry().has_quarantine();
    let needs_write = *asked != verdict || !is_guarded;
    let may = |action| call.access.allows(name, &action);
    let is_allowed = (!needs_write || may(Action::MetadataWrite))
        && (!is_guarded || may(Action::QuarantineWrite));
    match is_allowed {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Forbidden,
            ErrorCode::Denied.as_str().to_owned(),
            "the caller may not change all of these attributes",
        )),
    }
}
