//! Turns refusals into statuses and the error bodies of the management endpoint.

use acr_api::arm::{ErrorBody, ErrorDetail};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::answer;
use crate::domain::{Error, ErrorKind};

/// The answer to a refused request; failures of the server are logged here and nowhere else.
pub(crate) fn respond(error: &Error, request_id: Option<&str>) -> Response {
    let status = status(error.kind());
    if status.is_server_error() {
        tracing::error!(%error, "a request failed");
    } else {
        tracing::debug!(%error, "a request was refused");
    }
    let message = match (error.kind(), request_id) {
        (ErrorKind::Internal, Some(id)) => {
            format!(
                "{} Its log tells more under request id {id}.",
                error.message()
            )
        }
        _ => error.message().to_owned(),
    };
    let body = ErrorBody {
        error: ErrorDetail {
            code: error.code().to_owned(),
            message,
            target: error.target().map(str::to_owned),
            ..ErrorDetail::default()
        },
        status: error.is_from_provider().then(|| "Failed".to_owned()),
    };
    answer::with_retry(answer::json(status, &body))
}

/// The status of a family of refusals.
pub(crate) fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Invalid => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::Precondition => StatusCode::PRECONDITION_FAILED,
        ErrorKind::Range => StatusCode::RANGE_NOT_SATISFIABLE,
        ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::Throttled => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Full => StatusCode::INSUFFICIENT_STORAGE,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        respond(&self, None)
    }
}
