//! The token service of the registries: `/oauth2/exchange` and `/oauth2/token`.

mod exchange;
mod request;
mod target;
#[cfg(test)]
mod tests;
mod token;

use axum::{
    Router,
    http::HeaderName,
    response::Response,
    routing::{get, post},
};
use serde::Serialize;

use crate::{app::App, http::answer};

const CALLS_LEFT: HeaderName = HeaderName::from_static("x-ms-ratelimit-remaining-calls-per-second");

/// The paths of the token service. They are the same on the host of every registry; on the host of
/// the server itself, the `service` of the request names the registry.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/oauth2/exchange", post(exchange::grant))
        .route("/oauth2/token", get(token::by_query).post(token::by_form))
}

/// 200 with a body and the header that tells how many more calls could be made in a second.
fn ok(body: &impl Serialize) -> Response {
    let response = answer::json(axum::http::StatusCode::OK, body);
    answer::header(response, CALLS_LEFT, "166.65")
}
