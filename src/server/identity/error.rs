//! Refusals of the token service, in Entra's shape.

use acr_api::auth::TokenErrorBody;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use uuid::Uuid;

use crate::{
    domain::{Error, ErrorKind},
    http::answer,
};

/// A token that is refused.
#[derive(Debug)]
pub(super) struct TokenError {
    status: StatusCode,
    error: &'static str,
    number: i64,
    message: String,
}

impl TokenError {
    pub(super) fn new(error: &'static str, number: i64, message: impl Into<String>) -> Self {
        let status = match error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        Self {
            status,
            error,
            number,
            message: message.into(),
        }
    }

    pub(super) fn missing(parameter: &str) -> Self {
        Self::new(
            "invalid_request",
            900_144,
            format!("The request body must contain the following parameter: '{parameter}'."),
        )
    }

    pub(super) fn unknown_tenant(tenant: &str) -> Self {
        Self::new(
            "invalid_request",
            90_002,
            format!("Tenant '{}' not found.", shown(tenant)),
        )
    }

    pub(super) fn unknown_client(client_id: &str) -> Self {
        Self::new(
            "unauthorized_client",
            700_016,
            format!(
                "Application with identifier '{}' was not found in the directory 'local'.",
                shown(client_id)
            ),
        )
    }

    pub(super) fn wrong_secret(client_id: &str) -> Self {
        Self::new(
            "invalid_client",
            7_000_215,
            format!(
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{}'.",
                shown(client_id)
            ),
        )
    }

    pub(super) fn wrong_assertion(number: i64, message: impl Into<String>) -> Self {
        Self::new("invalid_client", number, message)
    }

    pub(super) fn too_many() -> Self {
        Self::throttled("Too many wrong secrets within a minute. Wait and try again.")
    }

    pub(super) fn throttled(message: &str) -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            ..Self::new("temporarily_unavailable", 50_196, message)
        }
    }
}

/// What of a client's own text is repeated to it.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

impl From<Error> for TokenError {
    fn from(error: Error) -> Self {
        let status = match error.kind() {
            ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Full => StatusCode::INSUFFICIENT_STORAGE,
            ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorKind::Invalid => {
                return Self::new("invalid_request", 90_014, error.message());
            }
            // Of two requests with the same code, the other one was first.
            ErrorKind::Conflict => return Self::new("invalid_grant", 70_000, error.message()),
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        tracing::error!(%error, "a token could not be granted");
        Self {
            status,
            ..Self::new("server_error", 90_033, error.message())
        }
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let (trace, correlation) = (Uuid::new_v4().to_string(), Uuid::new_v4().to_string());
        tracing::debug!(
            number = self.number,
            error = self.error,
            trace,
            "a token was refused"
        );
        let body = TokenErrorBody {
            error: self.error.to_owned(),
            error_description: format!(
                "AADSTS{}: {} Trace ID: {trace} Correlation ID: {correlation}",
                self.number, self.message
            ),
            error_codes: vec![self.number],
            timestamp: None,
            trace_id: Some(trace),
            correlation_id: Some(correlation),
        };
        answer::with_retry(answer::json(self.status, &body))
    }
}
