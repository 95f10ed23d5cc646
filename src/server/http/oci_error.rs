//! Turns refusals into statuses and the error bodies of a registry.

use acr_api::oci::{ErrorBody, ErrorCode};
use axum::response::Response;

use super::{answer::with_retry, arm_error::status, registry_refusal::body};
use crate::domain::{Error, ErrorKind};

/// The answer to a refused request; failures of the server are logged here and nowhere else.
pub(crate) fn respond(error: &Error) -> Response {
    let status = status(error.kind());
    if status.is_server_error() {
        tracing::error!(%error, "a request failed");
    } else {
        tracing::debug!(%error, "a request was refused");
    }
    let entry = ErrorBody::of(code(error), error.message(), error.detail().cloned());
    with_retry(body(status, &entry))
}

/// The word for programs. What only the management endpoint has a word for is told by its family.
fn code(error: &Error) -> ErrorCode {
    let known = error.code().parse().unwrap_or(ErrorCode::Unknown);
    match (known, error.kind()) {
        (ErrorCode::Other(_), ErrorKind::Unavailable) => ErrorCode::Unavailable,
        (ErrorCode::Other(_), ErrorKind::Throttled) => ErrorCode::TooManyRequests,
        (ErrorCode::Other(_), ErrorKind::TooLarge) => ErrorCode::SizeInvalid,
        (ErrorCode::Other(_), ErrorKind::Full | ErrorKind::Forbidden | ErrorKind::Conflict) => {
            ErrorCode::Denied
        }
        (ErrorCode::Other(_), _) => ErrorCode::Unknown,
        (known, _) => known,
    }
}

#[cfg(test)]
mod tests {
    use super::code;
    use crate::domain::{Error, ErrorKind};
    use acr_api::oci::ErrorCode;

    #[test]
    fn words_of_the_management_endpoint_are_translated() {
        let of = |kind, word: &'static str| code(&Error::new(kind, word, ""));
        assert_eq!(
            of(ErrorKind::NotFound, "BLOB_UNKNOWN"),
            ErrorCode::BlobUnknown
        );
        assert_eq!(
            of(ErrorKind::Full, "InsufficientStorage"),
            ErrorCode::Denied
        );
        assert_eq!(
            of(ErrorKind::Internal, "InternalServerError"),
            ErrorCode::Unknown
        );
    }
}
