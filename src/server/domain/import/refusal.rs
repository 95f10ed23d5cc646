//! Why an import fails, and whose refusal it was: the source's or the target's.

use acr_client::registry;
use acr_http::StatusCode;

use crate::domain::{Error, ErrorKind, access};

/// The source refused, lied or was not there. `error` names the host that did it.
pub(super) fn of_source(host: &str, error: &registry::Error) -> Error {
    let code = match error {
        registry::Error::Transport(_) => "SourceUnreachable",
        registry::Error::Damage(_) | registry::Error::Size { .. } => "SourceDamaged",
        _ => match error.status() {
            Some(StatusCode::UNAUTHORIZED) => "SourceUnauthorized",
            Some(StatusCode::FORBIDDEN) => "SourceDenied",
            Some(StatusCode::NOT_FOUND) => "SourceNotFound",
            Some(StatusCode::TOO_MANY_REQUESTS) => "SourceThrottled",
            _ => "SourceInvalid",
        },
    };
    source(code, host, &error.to_string())
}

/// Another registry of this server is the source, and its content could not be read.
pub(super) fn of_own_source(login_server: &str, error: Error) -> Error {
    match error.kind() {
        ErrorKind::Internal | ErrorKind::Unavailable => error,
        ErrorKind::NotFound => source("SourceNotFound", login_server, error.message()),
        _ => source("SourceDenied", login_server, error.message()),
    }
}

/// Another registry of this server is the source, and it did not let the caller in.
pub(super) fn of_own_access(login_server: &str, refusal: access::Refusal) -> Error {
    match refusal {
        access::Refusal::Failed(error) => error,
        refusal => {
            let body = refusal.body();
            let said = body.errors.first().map(|error| error.message.clone());
            let code = match refusal.kind() {
                ErrorKind::Unauthenticated => "SourceUnauthorized",
                _ => "SourceDenied",
            };
            source(code, login_server, &said.unwrap_or_default())
        }
    }
}

/// Something is wrong with the source.
pub(super) fn source(code: &'static str, host: &str, why: &str) -> Error {
    Error::invalid(code, format!("The source registry '{host}': {why}")).from_provider()
}

/// The registry that is to have the image did not take it.
pub(super) fn of_target(login_server: &str, error: Error) -> Error {
    match error.kind() {
        ErrorKind::Internal | ErrorKind::Unavailable => error,
        kind => {
            let code = match kind {
                ErrorKind::Conflict => "Conflict",
                ErrorKind::Full => "TargetFull",
                _ => "TargetDenied",
            };
            let message = format!("The target registry '{login_server}': {}", error.message());
            Error::new(kind, code, message).from_provider()
        }
    }
}
