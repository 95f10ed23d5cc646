//! Why a registry gives no token: which hop failed, under the code that az has for it, and what to do.

use crate::error::Refusal;
use acr_http::ErrorKind;
use std::fmt;

/// What a person can do about a registry that keeps a network out.
pub const NETWORK_ADVICE: &str = "`acr show --query \"[publicNetworkAccess, networkRuleSet]\"` shows whom the registry lets in. Add the address of this machine with `acr network-rule add`, or use a network that it allows.";

/// Whether a refusal with status 403 keeps a network out. One that keeps a person out may have the same word.
pub fn keeps_network_out(word: &str, message: &str) -> bool {
    word == "DENIED" && message.contains("client with IP")
}

/// A request on the way to a registry's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hop {
    /// `GET /v2/`, to be told where tokens come from.
    Challenge,
    /// `POST /oauth2/exchange`: an Azure token for a refresh token.
    Exchange,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is no address of a registry.
    #[error("{given:?} is no login server: {why}")]
    Address {
        /// The text, or its beginning.
        given: String,
        /// What is wrong with it.
        why: String,
    },
    /// The host is not known as a registry, and Azure tokens are for registries alone.
    #[error("{host} is not known as a registry, so that no Azure token is sent there")]
    Foreign {
        /// The host.
        host: String,
    },
    /// There is no Azure token to begin with.
    #[error(transparent)]
    Credential(#[from] crate::Error),
    /// The name of the host has no address.
    #[error("{host} cannot be found in DNS: {source}")]
    Dns {
        /// The host.
        host: String,
        /// What the resolver said.
        source: acr_http::Error,
    },
    /// The host's certificate is not trusted, or it speaks no TLS.
    #[error("{host} is not trusted: {source}")]
    Tls {
        /// The host.
        host: String,
        /// What TLS said.
        source: acr_http::Error,
    },
    /// No answer came.
    #[error("{host} did not answer at the {hop}: {source}")]
    Unreachable {
        /// The host.
        host: String,
        /// The request.
        hop: Hop,
        /// Why not.
        source: acr_http::Error,
    },
    /// The registry's network rules keep this machine out.
    #[error("{host} does not let this machine in: {refusal}")]
    Firewall {
        /// The host.
        host: String,
        /// What it said, mostly with the address it saw.
        refusal: Box<Refusal>,
    },
    /// The registry asks for no credential, as no registry of Azure does.
    #[error("{host} asked for no credential: GET /v2/ was answered with status {status}")]
    NoChallenge {
        /// The host.
        host: String,
        /// The status.
        status: u16,
    },
    /// What the registry asks for makes no sense, or leads elsewhere.
    #[error("the challenge of {host} cannot be used: {why}")]
    Challenge {
        /// The host.
        host: String,
        /// What is wrong with it.
        why: String,
    },
    /// The registry takes names and passwords only.
    #[error("{host} takes a user name and a password, and no Azure token")]
    PasswordOnly {
        /// The host.
        host: String,
    },
    /// The registry said no.
    #[error("{host} refused {whom} at the {hop} (status {}): {refusal}", refusal.status)]
    Refused {
        /// The host.
        host: String,
        /// The request.
        hop: Hop,
        /// Who asked.
        whom: String,
        /// What it said.
        refusal: Box<Refusal>,
    },
    /// The registry is asked too often.
    #[error("{host} was asked too often, by this machine or others: {refusal}")]
    TooManyRequests {
        /// The host.
        host: String,
        /// The request.
        hop: Hop,
        /// What it said.
        refusal: Box<Refusal>,
    },
    /// The registry answered with something else than a token.
    #[error("the answer of {host} to the {hop} cannot be used: {why}")]
    Answer {
        /// The host.
        host: String,
        /// The request.
        hop: Hop,
        /// What is wrong with it.
        why: String,
    },
}

impl Error {
    /// Sorts a failed request by what failed.
    pub(super) fn transport(host: &str, hop: Hop) -> impl FnOnce(acr_http::Error) -> Self {
        let host = host.to_owned();
        move |source| match source.kind() {
            ErrorKind::Connect if says(&source, RESOLVER) => Self::Dns { host, source },
            ErrorKind::Connect if says(&source, PLAIN) => Self::Tls { host, source },
            ErrorKind::Tls => Self::Tls { host, source },
            _ => Self::Unreachable { host, hop, source },
        }
    }

    /// The word that az has for this; errors of before the first request have none.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::Address { .. } | Self::Foreign { .. } | Self::Credential(_) => return None,
            Self::Dns { .. } => "CONNECTIVITY_DNS_ERROR",
            Self::Tls { .. } => "CONNECTIVITY_SSL_ERROR",
            Self::Firewall { .. } => "CONNECTIVITY_FORBIDDEN_ERROR",
            Self::NoChallenge { .. } => "CONNECTIVITY_CHALLENGE_ERROR",
            Self::Challenge { .. } => "CONNECTIVITY_WWW_AUTHENTICATE_ERROR",
            Self::PasswordOnly { .. } => "CONNECTIVITY_AAD_LOGIN_ERROR",
            Self::TooManyRequests { .. } => "CONNECTIVITY_TOOMANYREQUESTS_ERROR",
            Self::Unreachable { hop, .. }
            | Self::Refused { hop, .. }
            | Self::Answer { hop, .. } => match hop {
                Hop::Challenge => "CONNECTIVITY_CHALLENGE_ERROR",
                Hop::Exchange => "CONNECTIVITY_REFRESH_TOKEN_ERROR",
            },
        })
    }

    /// What to name to support.
    pub fn correlation_id(&self) -> Option<&str> {
        match self {
            Self::Credential(error) => error.correlation_id(),
            Self::Firewall { refusal, .. }
            | Self::Refused { refusal, .. }
            | Self::TooManyRequests { refusal, .. } => refusal.correlation_id.as_deref(),
            _ => None,
        }
    }

    /// What a person can do about it, one sentence.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Credential(error) => return error.hint(),
            Self::Address { .. } => {
                "Give the name of a registry or its login server, such as contoso.azurecr.io."
            }
            Self::Foreign { .. } => {
                "Check the name, choose the cloud or context the registry belongs to, or give --username and --password."
            }
            Self::Dns { .. } => {
                "Check the name of the registry; one with a private endpoint is found only where its private DNS zone is linked."
            }
            Self::Tls { .. } => {
                "Check the certificate bundle (REQUESTS_CA_BUNDLE) and whether a proxy intercepts TLS."
            }
            Self::Unreachable { .. } => {
                "Check the network, the proxy variables and the registry's private endpoint."
            }
            Self::Firewall { .. } => NETWORK_ADVICE,
            Self::PasswordOnly { .. } => "Give --username and --password.",
            Self::Refused {
                hop: Hop::Challenge,
                ..
            } => "The registry is in trouble; try again later.",
            Self::Refused { .. } => {
                "Check that this identity has a role on the registry, such as AcrPull, and that the tenant is the registry's."
            }
            Self::TooManyRequests { .. } => "Wait a little and try again.",
            Self::NoChallenge { .. } | Self::Challenge { .. } | Self::Answer { .. } => {
                "Check that this is a container registry of Azure or of `acr serve`."
            }
        })
    }
}

/// How TLS and the platforms' resolvers say that a name has no address.
const RESOLVER: &[&str] = &[
    "failed to lookup address",
    "invalid dns name",
    "(os error 11001)",
    "(os error 11004)",
];
/// How it is said that the other side does not speak TLS.
const PLAIN: &[&str] = &["received corrupt message"];

/// The transport has one kind for all connections that did not come to stand; its words tell more.
fn says(error: &acr_http::Error, words: &[&str]) -> bool {
    let text = error.to_string();
    words.iter().any(|words| text.contains(words))
}

impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Challenge => "challenge",
            Self::Exchange => "token exchange",
        })
    }
}
