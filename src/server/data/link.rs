//! The `Link` header that names the next page of a listing.

use acr_api::acr::PageQuery;
use axum::{http::header, response::Response};

use super::call::Call;
use crate::{domain::content::Page, http::answer};

/// Adds the address of the next page, if there is one: the path as it was sent, from the last entry on.
pub(super) fn add<T>(
    response: Response,
    call: &Call,
    query: &PageQuery,
    page: &Page<T>,
    name: impl Fn(&T) -> String,
) -> Response {
    match page.items.last().filter(|_| page.has_more) {
        Some(last) => {
            let next = PageQuery {
                last: Some(name(last)),
                n: Some(query.n.unwrap_or(crate::domain::content::USUAL_PAGE)),
                ..query.clone()
            };
            let link = format!("<{}?{next}>; rel=\"next\"", call.path);
            answer::header(response, header::LINK, &link)
        }
        None => response,
    }
}
