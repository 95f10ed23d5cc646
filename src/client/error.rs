//! Who failed: us, the network or the service.

use acr_api::arm::{ErrorBody, ErrorDetail};
use acr_http::StatusCode;

/// Why a service call has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The service refused.
    #[error("({}) {}", .0.code, .0.message)]
    Service(Box<Refusal>),
    /// No credential could be had.
    #[error(transparent)]
    Auth(#[from] acr_auth::Error),
    /// No answer came.
    #[error(transparent)]
    Transport(#[from] acr_http::Error),
    /// The answer makes no sense.
    #[error("{url} gave an answer that makes no sense: {reason}")]
    Decode {
        /// What was asked.
        url: String,
        /// What is wrong with the answer.
        reason: String,
    },
}

/// A refusal of the service, as it worded it.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The status, or 200 where a long-running operation ended badly.
    pub status: StatusCode,
    /// A word for programs.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// What in the request it is about.
    pub target: Option<String>,
    /// Refusals of the parts.
    pub details: Vec<ErrorDetail>,
    /// The id to name when asking for help.
    pub correlation_id: Option<String>,
}

impl Error {
    /// The status of a refusal.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Service(refusal) => Some(refusal.status),
            _ => None,
        }
    }

    pub(crate) fn decode(url: &str, reason: impl Into<String>) -> Self {
        Self::Decode {
            url: url.to_owned(),
            reason: reason.into(),
        }
    }
}

impl Refusal {
    /// Reads a refusal from the body of an answer, whatever the body is.
    pub(crate) fn read(status: StatusCode, correlation_id: Option<String>, body: &[u8]) -> Self {
        let detail = match serde_json::from_slice::<ErrorBody>(body) {
            Ok(body) => body.error,
            Err(_) => ErrorDetail {
                code: status.as_u16().to_string(),
                message: plain_message(status, body),
                ..ErrorDetail::default()
            },
        };
        Self::from_detail(status, correlation_id, detail)
    }

    pub(crate) fn from_detail(
        status: StatusCode,
        correlation_id: Option<String>,
        detail: ErrorDetail,
    ) -> Self {
        Self {
            status,
            code: detail.code,
            message: detail.message,
            target: detail.target,
            details: detail.details,
            correlation_id,
        }
    }
}

/// A sentence for an answer that is not in ARM's words, such as a proxy's page.
fn plain_message(status: StatusCode, body: &[u8]) -> String {
    const SHOWN_CHARS: usize = 300;
    let text: String = String::from_utf8_lossy(body)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(SHOWN_CHARS)
        .collect();
    let reason = status.canonical_reason().unwrap_or("no reason given");
    if text.trim().is_empty() {
        format!("The service answered {} {reason}", status.as_u16())
    } else {
        format!(
            "The service answered {} {reason}: {}",
            status.as_u16(),
            text.trim()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Refusal, StatusCode};

    fn read(status: u16, body: &str) -> Refusal {
        Refusal::read(StatusCode::from_u16(status).unwrap(), None, body.as_bytes())
    }

    #[test]
    fn keeps_the_words_of_the_service() {
        let refusal = read(
            409,
            r#"{"error":{"code":"RegistryNameAlreadyInUse","message":"Taken."},"status":"Failed"}"#,
        );
        assert_eq!(refusal.code, "RegistryNameAlreadyInUse");
        assert_eq!(refusal.message, "Taken.");
    }

    #[test]
    fn makes_do_with_a_body_of_any_kind() {
        assert_eq!(
            read(502, "").message,
            "The service answered 502 Bad Gateway"
        );
        let page = read(403, "<html>\u{1b}[31m proxy says no</html>");
        assert!(page.message.contains("proxy says no"), "{}", page.message);
        assert!(!page.message.contains('\u{1b}'));
        assert!(read(500, &"x".repeat(9000)).message.len() < 400);
    }
}
