//! Tags: pages of them, their attributes, and their end.

use acr_api::{
    acr::{TagAnswer, TagList},
    oci::RepositoryName,
};
use axum::{
    body::Body,
    http::{HeaderName, Method, StatusCode},
    response::Response,
};

use super::change;
use crate::{
    data::{
        answer::{empty, json},
        call::Call,
        link, v2,
    },
    domain::{
        Error,
        content::{repository, tag},
    },
    http::answer,
};

const UNTAGGED: HeaderName = HeaderName::from_static("x-ms-int-docker-content-digest");

pub(super) async fn list(call: &Call, name: &RepositoryName) -> Result<Response, Error> {
    let query = call.page()?;
    let of = query.digest.as_deref().map(v2::digest).transpose()?;
    let repository = repository::find(&call.app, call.registry(), name).await?;
    let page = tag::list(&call.app, &repository, &query, of.as_ref()).await?;
    let list = TagList {
        registry: call.registry().login_server.clone(),
        image_name: name.to_string(),
        tags: page.items.clone(),
    };
    let response = json(StatusCode::OK, &list);
    Ok(link::add(response, call, &query, &page, |tag| {
        tag.name.clone()
    }))
}

pub(super) async fn one(
    call: Call,
    name: &RepositoryName,
    tag: &str,
    body: Body,
) -> Result<Response, Error> {
    let named = v2::tag(tag)?;
    let attributes = match call.method {
        Method::DELETE => {
            let digest = tag::delete(&call.app, call.registry(), name, &named).await?;
            let response = empty(StatusCode::ACCEPTED);
            return Ok(answer::header(response, UNTAGGED, &digest.to_string()));
        }
        Method::PATCH => {
            let asked = change::read(body).await?;
            tag::change(&call.app, call.registry(), name, &named, &asked).await?
        }
        _ => {
            let repository = repository::find(&call.app, call.registry(), name).await?;
            tag::attributes(&call.app, &repository, &named).await?
        }
    };
    let answer = TagAnswer {
        registry: call.registry().login_server.clone(),
        image_name: name.to_string(),
        tag: attributes,
    };
    Ok(json(StatusCode::OK, &answer))
}
