//! `referrers`: the manifests that are about another one.

use acr_api::oci::{ImageIndex, RepositoryName, media_type::IMAGE_INDEX};
use axum::{
    http::{HeaderName, StatusCode, header},
    response::Response,
};

use super::digest;
use crate::{
    data::{answer::json, call::Call},
    domain::{
        Error, ErrorKind,
        content::{Page, referrer, repository},
    },
    http::answer,
};

const FILTERS: HeaderName = HeaderName::from_static("oci-filters-applied");
const FILTER: &str = "artifactType";

pub(crate) async fn referrers(
    call: &Call,
    name: &RepositoryName,
    subject: &str,
) -> Result<Response, Error> {
    let subject = digest(subject)?;
    let query = call.page()?;
    let wanted = call.parameter(FILTER);
    let page = match repository::find(&call.app, call.registry(), name).await {
        Ok(repository) => {
            let part = (query.last.as_deref(), query.n);
            referrer::list(&call.app, &repository, &subject, wanted.as_deref(), part).await?
        }
        // Here 404 would tell that referrers are not supported.
        Err(error) if error.kind() == ErrorKind::NotFound => Page::empty(),
        Err(error) => return Err(error),
    };
    let next = page.items.last().filter(|_| page.has_more);
    let next = next.map(|last| last.digest.to_string());
    let index = ImageIndex::of(page.items);
    let mut response = json(StatusCode::OK, &index);
    response = answer::header(response, header::CONTENT_TYPE, IMAGE_INDEX);
    if wanted.is_some() {
        response = answer::header(response, FILTERS, FILTER);
    }
    Ok(match next {
        Some(last) => answer::header(response, header::LINK, &link(call, &last, wanted, query.n)),
        None => response,
    })
}

fn link(call: &Call, last: &str, wanted: Option<String>, n: Option<u32>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("last", last);
    if let Some(wanted) = wanted {
        query.append_pair(FILTER, &wanted);
    }
    if let Some(n) = n {
        query.append_pair("n", &n.to_string());
    }
    format!("<{}?{}>; rel=\"next\"", call.path, query.finish())
}
