//! Turns refusals of a registry's access into answers: status, challenge, body.

use acr_api::oci::ErrorBody;
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::{answer, arm_error};
use crate::domain::access::Refusal;

/// The answer to a refused request; failures of the server are logged here and nowhere else. The
/// service is what the token service knows the registry by, the origin is scheme, host and port under
/// which the client reached it.
pub(crate) fn respond(refusal: &Refusal, service: &str, origin: &str) -> Response {
    let status = arm_error::status(refusal.kind());
    if let (Refusal::Failed(error), true) = (refusal, status.is_server_error()) {
        tracing::error!(%error, "a request failed");
    }
    let mut response = body(status, &refusal.body());
    if let Some(challenge) = refusal.challenge(service, origin) {
        let value = challenge.to_string();
        response = answer::header(response, header::WWW_AUTHENTICATE, &value);
    }
    answer::with_retry(response)
}

/// An answer with an error body as registries write it.
pub(crate) fn body(status: StatusCode, body: &ErrorBody) -> Response {
    let mut response = Response::new(Body::from(body.to_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    response
}
