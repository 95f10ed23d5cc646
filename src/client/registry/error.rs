//! What can go wrong with a registry, and who it was that refused.

use acr_api::auth::{Action, Challenge, ResourceKind, Scope};
use acr_api::oci::{Digest, ErrorBody, ErrorCode, InvalidManifest};
use acr_http::{Response, StatusCode};
use serde_json::Value;
use std::fmt;

/// How much of an answer that is not in a registry's words is shown.
const SHOWN_CHARS: usize = 300;

/// Why a call to a registry has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The registry, its token service or its storage refused.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// The token service gave no token.
    #[error(transparent)]
    Ungranted(Box<Refusal>),
    /// The registry gave an Azure identity no token to begin with.
    #[error(transparent)]
    Login(Box<acr_auth::exchange::Error>),
    /// No answer came, or it broke off.
    #[error(transparent)]
    Transport(#[from] acr_http::Error),
    /// The bytes are not those that were named.
    #[error(transparent)]
    Damage(Box<Damage>),
    /// The content is longer or shorter than was said.
    #[error("{origin}: the content of {digest} should have {expected} bytes, but it has {actual}")]
    Size {
        /// Whose bytes they are.
        origin: String,
        /// What was asked for.
        digest: Digest,
        /// The length that was said.
        expected: u64,
        /// The length that came.
        actual: u64,
    },
    /// The manifest cannot be used.
    #[error("{origin}: {source}")]
    Manifest {
        /// Where it is from.
        origin: String,
        /// What is wrong with it.
        source: InvalidManifest,
    },
    /// The answer makes no sense.
    #[error("{url} gave an answer that makes no sense: {reason}")]
    Decode {
        /// What was asked.
        url: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The registry cannot be addressed.
    #[error("{host}: {reason}")]
    Address {
        /// The registry.
        host: String,
        /// Why not.
        reason: String,
    },
}

impl Error {
    /// The status of a refusal.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused(refusal) | Self::Ungranted(refusal) => Some(refusal.status),
            _ => None,
        }
    }

    /// Whether the registry says that there is no such thing.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Whether the content itself is wrong, so that asking again would not help.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damage(_) | Self::Size { .. })
    }

    pub(super) fn damage(place: impl Into<String>, expected: Digest, actual: Digest) -> Self {
        Self::Damage(Box::new(Damage {
            place: place.into(),
            expected,
            actual,
        }))
    }

    pub(super) fn address(host: &str, reason: &str) -> Self {
        Self::Address {
            host: host.to_owned(),
            reason: reason.to_owned(),
        }
    }

    pub(super) fn decode(response: &Response, reason: impl Into<String>) -> Self {
        Self::Decode {
            url: response.url().to_owned(),
            reason: reason.into(),
        }
    }

    /// Reads the refusal in an answer. `doing` is what was tried, such as `read the manifest …`.
    pub(super) async fn refused(response: Response, doing: &str) -> Self {
        Self::Refused(refusal(response, doing).await)
    }

    /// The same of a token service.
    pub(super) async fn ungranted(response: Response, doing: &str) -> Self {
        Self::Ungranted(refusal(response, doing).await)
    }
}

async fn refusal(response: Response, doing: &str) -> Box<Refusal> {
    let status = response.status;
    let host = host_of(response.url());
    let correlation_id = response
        .header("x-ms-correlation-request-id")
        .map(str::to_owned);
    let missing = missing(&response);
    // A refusal whose body breaks off is still a refusal.
    let body = response.bytes().await.unwrap_or_default();
    let mut refusal = Refusal::read(status, &body);
    refusal.host = host;
    refusal.missing = missing;
    refusal.doing = doing.to_owned();
    refusal.correlation_id = correlation_id;
    Box::new(refusal)
}

/// What a login lacks that was taken for good, going by the challenge it got all the same. An answer to
/// HEAD has no body to tell it.
fn missing(response: &Response) -> Vec<Scope> {
    if response.status != StatusCode::UNAUTHORIZED {
        return Vec::new();
    }
    let mut challenges = response
        .header_values("www-authenticate")
        .flat_map(Challenge::parse_all);
    let scope = challenges.find_map(|challenge| match challenge {
        Challenge::Bearer(bearer) if bearer.error.as_deref() != Some("invalid_token") => {
            bearer.scope
        }
        _ => None,
    });
    let scopes = scope.as_deref().map(Scope::parse_list);
    scopes.and_then(Result::ok).unwrap_or_default()
}

/// Bytes that are not those that were named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: the content of {expected} is damaged: it has the digest {actual}")]
pub struct Damage {
    /// Whose bytes they are.
    pub place: String,
    /// What they should be.
    pub expected: Digest,
    /// What they are.
    pub actual: Digest,
}

fn host_of(url: &str) -> String {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    host.split(['/', '?']).next().unwrap_or(host).to_owned()
}

/// A refusal, as the registry worded it.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Who refused: the registry, its token service or its storage.
    pub host: String,
    /// What was tried.
    pub doing: String,
    /// The status.
    pub status: StatusCode,
    /// A word for programs, if there was one.
    pub code: Option<ErrorCode>,
    /// A sentence for people.
    pub message: String,
    /// Anything more.
    pub detail: Option<Value>,
    /// What the login should have been allowed, where that is the reason.
    pub missing: Vec<Scope>,
    /// The id to name when asking for help.
    pub correlation_id: Option<String>,
}

impl Refusal {
    fn read(status: StatusCode, body: &[u8]) -> Self {
        let entry = serde_json::from_slice::<ErrorBody>(body)
            .ok()
            .and_then(|body| body.errors.into_iter().next());
        let (code, message, detail) = match entry {
            Some(entry) => (Some(entry.code), entry.message, entry.detail),
            None => (None, shown(body), None),
        };
        Self {
            host: String::new(),
            doing: String::new(),
            status,
            code,
            message,
            detail,
            missing: Vec::new(),
            correlation_id: None,
        }
    }
}

fn shown(body: &[u8]) -> String {
    String::from_utf8_lossy(body)
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(SHOWN_CHARS)
        .collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} refused to {}", self.host, self.doing)?;
        let reason = self.status.canonical_reason().unwrap_or("no reason given");
        match (self.message.as_str(), &*self.missing) {
            ("", []) => write!(f, ": {reason}")?,
            (message, []) => write!(f, ": {message}")?,
            (_, missing) => {
                let taken: Vec<String> = missing.iter().map(right).collect();
                let taken = taken.join(" and ");
                write!(
                    f,
                    ": the rights of this login do not allow it; it takes {taken}"
                )?;
            }
        }
        if let Some(Value::String(detail)) = &self.detail {
            write!(f, " ({detail})")?;
        }
        write!(f, " [{}", self.status.as_u16())?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        f.write_str("]")?;
        match &self.correlation_id {
            Some(id) => write!(f, " Correlation ID: {id}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Refusal {}

/// A right, in words.
fn right(scope: &Scope) -> String {
    let name = &scope.name;
    if scope.kind == ResourceKind::Registry {
        return format!("the {name} of the registry");
    }
    let actions: Vec<&str> = scope.actions.iter().map(Action::as_str).collect();
    format!("{} on the {} {name}", actions.join(", "), scope.kind)
}

#[cfg(test)]
mod tests {
    use super::{Refusal, StatusCode, host_of};

    fn refusal(status: u16, body: &str) -> Refusal {
        let status = StatusCode::from_u16(status).unwrap();
        let mut refusal = Refusal::read(status, body.as_bytes());
        refusal.host = "foo.azurecr.io".to_owned();
        refusal.doing = "read the manifest app:v1".to_owned();
        refusal
    }

    #[test]
    fn says_who_refused_what_and_why() {
        let mut refusal = refusal(
            404,
            r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"not found","detail":"v1"}]}"#,
        );
        refusal.correlation_id = Some("abc".to_owned());
        assert_eq!(
            refusal.to_string(),
            "foo.azurecr.io refused to read the manifest app:v1: not found (v1) \
             [404 MANIFEST_UNKNOWN] Correlation ID: abc"
        );
    }

    #[test]
    fn makes_do_with_a_body_of_any_kind() {
        assert!(refusal(502, "").to_string().contains("Bad Gateway [502]"));
        let page = refusal(403, "<html>\u{1b}[31m no</html>").to_string();
        assert!(page.contains("no</html>") && !page.contains('\u{1b}'));
        assert!(refusal(500, &"x".repeat(9000)).to_string().len() < 500);
        assert!(refusal(500, r#"{"errors":[]}"#).code.is_none());
    }

    #[test]
    fn finds_the_host_in_an_address() {
        assert_eq!(host_of("https://a.b:1/c?d"), "a.b:1");
        assert_eq!(host_of("http://a"), "a");
    }
}
