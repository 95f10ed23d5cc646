//! `_catalog`: the names of the repositories.

use acr_api::oci::RepositoryList;
use axum::{http::StatusCode, response::Response};

use crate::{
    data::{answer::json, call::Call, link},
    domain::{Error, content::repository},
};

pub(crate) async fn catalog(call: &Call) -> Result<Response, Error> {
    let query = call.page()?;
    let last = query.last.as_deref();
    let page = repository::list(&call.app, call.registry(), last, query.n).await?;
    let list = RepositoryList {
        repositories: page.items.clone(),
    };
    let response = json(StatusCode::OK, &list);
    Ok(link::add(response, call, &query, &page, String::clone))
}
