//! A repository: its attributes, and its end.

use acr_api::oci::RepositoryName;
use axum::{
    body::Body,
    http::{Method, StatusCode},
    response::Response,
};

use super::change;
use crate::{
    data::{answer::json, call::Call},
    domain::{Error, content::repository},
};

pub(super) async fn one(call: Call, name: &RepositoryName, body: Body) -> Result<Response, Error> {
    let found = match call.method {
        Method::DELETE => {
            let deletion = repository::delete(&call.app, call.registry(), name).await?;
            return Ok(json(StatusCode::ACCEPTED, &deletion));
        }
        Method::PATCH => {
            let asked = change::read(body).await?;
            repository::change(&call.app, call.registry(), name, &asked).await?
        }
        _ => repository::find(&call.app, call.registry(), name).await?,
    };
    let attributes = repository::attributes(&call.app, &found).await?;
    Ok(json(StatusCode::OK, &attributes))
}
