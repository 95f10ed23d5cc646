//! A panic in a handler: that request fails, the server goes on.

use std::{any::Any, panic::AssertUnwindSafe};

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use futures_util::FutureExt as _;

use super::{error_body::error, request_id::RequestId};

/// Runs the handler; if it panics, the answer is 500 with the id under which the log tells why.
pub(super) async fn caught(
    handler: impl Future<Output = Response<Body>>,
    id: &RequestId,
) -> Response<Body> {
    match AssertUnwindSafe(handler).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            let reason = reason(&*panic);
            tracing::error!(reason, request_id = &*id.request, "a handler panicked");
            error(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalServerError",
                &format!(
                    "The server failed on this request; its log tells more under request id {}.",
                    id.request
                ),
            )
        }
    }
}

fn reason(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown")
}
