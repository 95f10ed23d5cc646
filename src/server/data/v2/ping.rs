//! `/v2/`: whether this is a registry, and whether the caller is let in.

use axum::{http::StatusCode, response::Response};

use crate::data::answer::json;

pub(crate) fn ping() -> Response {
    json(StatusCode::OK, &serde_json::json!({}))
}
