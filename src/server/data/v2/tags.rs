//! `tags/list`: the names of the tags of a repository.

use acr_api::{
    acr::PageQuery,
    oci::{RepositoryName, TagList},
};
use axum::{http::StatusCode, response::Response};

use crate::{
    data::{answer::json, call::Call, link},
    domain::{
        Error,
        content::{repository, tag},
    },
};

/// Tags on one page for a client that does not say how many it wants: it may not know of pages.
const USUAL: u32 = 1000;

pub(crate) async fn tags(call: &Call, name: &RepositoryName) -> Result<Response, Error> {
    let asked = call.page()?;
    let query = PageQuery {
        n: asked.n.or(Some(USUAL)),
        ..asked
    };
    let repository = repository::find(&call.app, call.registry(), name).await?;
    let page = tag::names(&call.app, &repository, query.last.as_deref(), query.n).await?;
    let list = TagList {
        name: name.to_string(),
        tags: page.items.clone(),
    };
    let response = json(StatusCode::OK, &list);
    Ok(link::add(response, call, &query, &page, String::clone))
}
