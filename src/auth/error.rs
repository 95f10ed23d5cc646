//! What can go wrong on the way to a token: which link failed, and what to run next.

use crate::link::Link;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No link of the chain applies here.
    #[error("no Azure credential was found{}", listed(.notes))]
    NoCredential {
        /// What was found half set up, or why a link could not apply.
        notes: Vec<String>,
    },
    /// A link applies but cannot be used as it is set up.
    #[error("{link}: {message}")]
    Setup {
        /// The link.
        link: Link,
        /// What is wrong with it.
        message: String,
    },
    /// az's settings cannot be used.
    #[error("the settings of the Azure CLI: {message}")]
    Settings {
        /// Where, and what is wrong there.
        message: String,
    },
    /// A file that a link needs cannot be read or written.
    #[error("{link}: cannot use {}: {source}", path.display())]
    File {
        /// The link.
        link: Link,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The token service answered with a refusal.
    #[error("{link}: {refusal}")]
    Refused {
        /// The link.
        link: Link,
        /// What the service said.
        refusal: Box<Refusal>,
    },
    /// The token service gave no usable answer.
    #[error("{link}: {source}")]
    Transport {
        /// The link.
        link: Link,
        /// Why not.
        source: acr_http::Error,
    },
    /// The token service answered with something else than a token.
    #[error("{link}: the answer of the token service cannot be used: {message}")]
    Answer {
        /// The link.
        link: Link,
        /// What is wrong with it.
        message: String,
    },
}

/// The token service's own words about a request it refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The OAuth error, such as `invalid_grant`.
    pub error: String,
    /// The sentence that goes with it; at Entra it begins with an `AADSTS` code.
    pub description: String,
    /// What to name to support.
    pub correlation_id: Option<String>,
}

impl Error {
    pub(crate) fn setup(link: Link, message: impl Into<String>) -> Self {
        Self::Setup {
            link,
            message: message.into(),
        }
    }

    pub(crate) fn settings(message: impl Into<String>) -> Self {
        Self::Settings {
            message: message.into(),
        }
    }

    pub(crate) fn file(link: Link, path: &Path, source: io::Error) -> Self {
        Self::File {
            link,
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn answer(link: Link, message: impl Into<String>) -> Self {
        Self::Answer {
            link,
            message: message.into(),
        }
    }

    pub(crate) fn transport(link: Link) -> impl FnOnce(acr_http::Error) -> Self {
        move |source| Self::Transport { link, source }
    }

    /// The link that failed; none if none was reached.
    pub fn link(&self) -> Option<Link> {
        match self {
            Self::NoCredential { .. } | Self::Settings { .. } => None,
            Self::Setup { link, .. }
            | Self::File { link, .. }
            | Self::Refused { link, .. }
            | Self::Transport { link, .. }
            | Self::Answer { link, .. } => Some(*link),
        }
    }

    /// The `AADSTS` number in a refusal by Entra.
    pub fn entra_code(&self) -> Option<u32> {
        let Self::Refused { refusal, .. } = self else {
            return None;
        };
        let digits = refusal.description.strip_prefix("AADSTS")?;
        let end = digits.find(|c: char| !c.is_ascii_digit());
        digits[..end.unwrap_or(digits.len())].parse().ok()
    }

    /// What the service wants named when its support is asked.
    pub fn correlation_id(&self) -> Option<&str> {
        match self {
            Self::Refused { refusal, .. } => refusal.correlation_id.as_deref(),
            _ => None,
        }
    }

    /// What a person can do about it, one sentence.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoCredential { .. } => Some(
                "Run `az login`, set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET, or start a \
                 registry of your own with `acr serve --detach`.",
            ),
            Self::Transport { .. } => {
                Some("Check the network, the proxy variables and the certificate bundle.")
            }
            Self::Refused { link, .. } | Self::Setup { link, .. } | Self::File { link, .. } => {
                link_hint(*link)
            }
            Self::Settings { .. } => {
                Some("Correct the file or the variable, for instance with `az config set`.")
            }
            Self::Answer { .. } => None,
        }
    }
}

fn link_hint(link: Link) -> Option<&'static str> {
    match link {
        Link::Explicit => Some("Check the context with `acr context show`."),
        Link::Variables => Some(
            "Check AZURE_CLIENT_ID, AZURE_TENANT_ID and the secret, certificate or token file that goes with them.",
        ),
        Link::GithubActions | Link::AzureDevops => Some(
            "Check that the application has a federated credential for this job's issuer and subject.",
        ),
        Link::AppService | Link::AzureArc | Link::MsiEndpoint | Link::VirtualMachine => Some(
            "Check that the resource has this managed identity; AZURE_CLIENT_ID chooses among several.",
        ),
        Link::AzProfile => Some("Run `az login` again."),
        Link::DeviceLogin => Some("Log in by a code again."),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.description.as_str(), self.error.as_str()) {
            ("", "") => write!(f, "the token service answered with status {}", self.status)?,
            ("", error) => f.write_str(error)?,
            (description, "") => f.write_str(description)?,
            (description, error) => write!(f, "{description} ({error})")?,
        }
        // Entra's sentences already end with it.
        match &self.correlation_id {
            Some(id) if !self.description.contains(id.as_str()) => {
                write!(f, " Correlation ID: {id}")
            }
            _ => Ok(()),
        }
    }
}

fn listed(notes: &[String]) -> String {
    notes.iter().map(|note| format!("; {note}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_shows_its_sentence_and_its_correlation_id_once() {
        let mut refusal = Refusal {
            status: 401,
            error: "invalid_client".to_owned(),
            description: "AADSTS7000215: Invalid client secret provided.".to_owned(),
            correlation_id: Some("c-1".to_owned()),
        };
        let shown = refusal.to_string();
        assert!(
            shown.ends_with("(invalid_client) Correlation ID: c-1"),
            "{shown}"
        );
        refusal.description += " Correlation ID: c-1";
        assert_eq!(refusal.to_string().matches("c-1").count(), 1);
        let error = Error::Refused {
            link: Link::Variables,
            refusal: Box::new(refusal),
        };
        assert_eq!(error.entra_code(), Some(7000215));
        assert_eq!(error.correlation_id(), Some("c-1"));
        assert!(error.to_string().contains("AZURE_CLIENT_ID"));
    }

    #[test]
    fn without_any_credential_both_ways_out_are_named() {
        let error = Error::NoCredential {
            notes: vec!["AZURE_CLIENT_ID has no secret".to_owned()],
        };
        assert!(
            error
                .to_string()
                .ends_with("; AZURE_CLIENT_ID has no secret")
        );
        let hint = error.hint().unwrap();
        assert!(hint.contains("login") && hint.contains("acr serve"));
    }
}
