//! What can go wrong before there is a usable answer.

use std::{fmt, io};

/// No usable answer came back. A 4xx or 5xx is an answer, not an error.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    url: String,
    message: String,
}

/// Why no usable answer came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request could not be built: a bad address, header or body.
    Request,
    /// The host was not found or did not take the connection.
    Connect,
    /// The certificate or the TLS handshake was refused.
    Tls,
    /// A time limit ran out.
    Timeout,
    /// The connection broke while the request or the answer was under way.
    Interrupted,
    /// The answer came but is not what it says it is, or is too large.
    Body,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, url: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            kind,
            url: url.into(),
            message: message.into(),
        }
    }

    /// Why there is no usable answer.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The address that was asked, fit to be shown.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn from_reqwest(error: &reqwest::Error, url: &str) -> Self {
        let causes = causes(error);
        let kind = if error.is_timeout() {
            ErrorKind::Timeout
        } else if causes.iter().any(|cause| is_tls(cause)) && !breaks_off(error) {
            ErrorKind::Tls
        } else if error.is_connect() {
            ErrorKind::Connect
        } else if error.is_builder() {
            ErrorKind::Request
        } else {
            ErrorKind::Interrupted
        };
        let message = causes
            .last()
            .cloned()
            .unwrap_or_else(|| "no answer".to_owned());
        Self::new(kind, url, message)
    }
}

/// The texts of an error and its sources, the outermost first.
fn causes(error: &reqwest::Error) -> Vec<String> {
    let mut causes = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    causes
}

/// Whether the other side went away in the middle: within TLS that comes as a complaint about its missing farewell.
/// One that hangs up on a handshake speaks no TLS.
fn breaks_off(error: &reqwest::Error) -> bool {
    if error.is_connect() {
        return false;
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        if kind == Some(io::ErrorKind::UnexpectedEof) {
            return true;
        }
        source = cause.source();
    }
    false
}

fn is_tls(cause: &str) -> bool {
    ["certificate", "TLS", "tls", "handshake", "corrupt message"]
        .iter()
        .any(|word| cause.contains(word))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ErrorKind::Request => "the request could not be built",
            ErrorKind::Connect => "could not connect",
            ErrorKind::Tls => "the TLS connection was refused",
            ErrorKind::Timeout => "timed out",
            ErrorKind::Interrupted => "the connection broke",
            ErrorKind::Body => "the answer could not be read",
        };
        write!(f, "{}: {what}", self.url)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
