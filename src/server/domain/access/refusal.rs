//! Why a request to a registry is refused, and what the answer says.

use std::net::IpAddr;

use acr_api::{
    auth::{BearerChallenge, Scope},
    oci::{ErrorBody, ErrorCode},
};
use serde_json::{Value, json};

use super::{Demand, path_style::outside};
use crate::domain::{Error, ErrorKind};

/// A request that is refused.
#[derive(Debug)]
pub enum Refusal {
    /// The network rules keep this address out.
    Network(Option<IpAddr>),
    /// Nobody, or not with enough rights.
    Unauthorized {
        /// What would be enough.
        scopes: Vec<Scope>,
        /// What was wrong with the token that was sent.
        error: Option<&'static str>,
    },
    /// The caller is known and may do nothing here.
    Forbidden,
    /// The request to the token service means nothing.
    Invalid(&'static str),
    /// Too many wrong passwords in a short time.
    TooMany,
    /// The server failed.
    Failed(Error),
}

impl Refusal {
    /// The refusal of a request whose caller is not known, whatever it wants.
    pub(crate) fn unknown_caller() -> Self {
        Self::Unauthorized {
            scopes: Vec::new(),
            error: None,
        }
    }

    /// The refusal of a request without, or with wrong, credentials.
    pub(super) fn unauthorized(demand: Demand<'_>, error: Option<&'static str>) -> Self {
        Self::Unauthorized {
            scopes: demand.scopes(),
            error,
        }
    }

    /// The same, told to a client that names the registry in paths.
    #[must_use]
    pub(crate) fn in_path(self, registry: &str) -> Self {
        match self {
            Self::Unauthorized { scopes, error } => Self::Unauthorized {
                scopes: outside(registry, scopes),
                error,
            },
            other => other,
        }
    }

    /// Its family, which decides the status.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Network(_) | Self::Forbidden => ErrorKind::Forbidden,
            Self::Unauthorized { .. } => ErrorKind::Unauthenticated,
            Self::Invalid(_) => ErrorKind::Invalid,
            Self::TooMany => ErrorKind::Throttled,
            Self::Failed(error) => error.kind(),
        }
    }

    /// The value of `WWW-Authenticate`. The service is what the token service knows the registry by,
    /// the origin is scheme, host and port under which the client reached it.
    pub fn challenge(&self, service: &str, origin: &str) -> Option<BearerChallenge> {
        let Self::Unauthorized { scopes, error } = self else {
            return None;
        };
        Some(BearerChallenge {
            realm: format!("{origin}/oauth2/token"),
            service: Some(service.to_owned()),
            scope: written(scopes),
            error: error.map(str::to_owned),
        })
    }

    /// The body.
    pub fn body(&self) -> ErrorBody {
        match self {
            Self::Network(address) => {
                let shown = address.map_or_else(|| "unknown".to_owned(), |ip| ip.to_string());
                ErrorBody::of(
                    ErrorCode::Denied,
                    format!(
                        "client with IP '{shown}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."
                    ),
                    None,
                )
            }
            Self::Unauthorized { scopes, .. } => ErrorBody::of(
                ErrorCode::Unauthorized,
                "authentication required, visit https://aka.ms/acr/authorization for more information.",
                Some(detail(scopes)),
            ),
            Self::Forbidden => ErrorBody::of(
                ErrorCode::Denied,
                "the identity has no role on this registry, visit https://aka.ms/acr/authorization for more information.",
                None,
            ),
            Self::Invalid(why) => ErrorBody::of(ErrorCode::Unsupported, *why, None),
            Self::TooMany => ErrorBody::of(
                ErrorCode::TooManyRequests,
                "too many wrong passwords for this name, try again in a minute",
                None,
            ),
            Self::Failed(error) => {
                let code = match error.kind() {
                    ErrorKind::Unavailable => ErrorCode::Unavailable,
                    _ => ErrorCode::Unknown,
                };
                ErrorBody::of(code, error.message(), None)
            }
        }
    }
}

/// Scopes as a challenge names them.
fn written(scopes: &[Scope]) -> Option<String> {
    let words: Vec<String> = scopes.iter().map(Scope::to_string).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn detail(scopes: &[Scope]) -> Value {
    let records: Vec<_> = scopes.iter().flat_map(Scope::records).collect();
    match records.is_empty() {
        true => Value::Null,
        false => json!(records),
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<acr_store::Error> for Refusal {
    fn from(error: acr_store::Error) -> Self {
        Self::Failed(error.into())
    }
}
