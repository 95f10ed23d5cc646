//! What can go wrong before there is a usable answer.

use std::time::Duration;
use std::{fmt, io};

/// No usable answer came back. A 4xx or 5xx is an answer, not an error.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    url: String,
    message: String,
    /// Whether the request was on its way, so that it may have been carried out.
    has_left: bool,
    is_deletion_in_doubt: bool,
}

const BROKEN_OFF: &str =
    "the other side ended it in the middle of the answer; its log may tell why";

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
            has_left: false,
            is_deletion_in_doubt: false,
        }
    }

    /// The error about a service that took a request and said nothing for so long.
    pub(crate) fn silence(url: &str, limit: Duration) -> Self {
        let message = format!("no answer within {} s", limit.as_secs());
        Self {
            has_left: true,
            ..Self::new(ErrorKind::Timeout, url, message)
        }
    }

    /// Whether something was to be deleted and may be gone, although no answer says so.
    pub fn is_deletion_in_doubt(&self) -> bool {
        self.is_deletion_in_doubt
    }

    pub(crate) fn has_left(&self) -> bool {
        self.has_left
    }

    /// The error of a deletion that an earlier attempt, or this one, may have carried out.
    pub(crate) fn of_deletion_in_doubt(self) -> Self {
        Self {
            is_deletion_in_doubt: true,
            ..self
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
        let breaks_off = breaks_off(error);
        let kind = if error.is_timeout() {
            ErrorKind::Timeout
        } else if causes.iter().any(|cause| is_tls(cause)) && !breaks_off {
            ErrorKind::Tls
        } else if error.is_connect() {
            ErrorKind::Connect
        } else if error.is_builder() {
            ErrorKind::Request
        } else {
            ErrorKind::Interrupted
        };
        let message = match causes.last() {
            // The causes speak of the protocol, and one of them points to its library's manual.
            _ if breaks_off => BROKEN_OFF.to_owned(),
            Some(cause) => cause.clone(),
            None => "no answer".to_owned(),
        };
        Self {
            has_left: !error.is_connect() && !error.is_builder(),
            ..Self::new(kind, url, message)
        }
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

/// The scheme and the host of an address; what is no address stays whole.
fn origin(url: &str) -> &str {
    let host = url.find("://").map(|scheme| scheme + 3);
    let end = host.and_then(|host| Some(host + url[host..].find(['/', '?'])?));
    &url[..end.unwrap_or(url.len())]
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
        // Without a connection nothing was asked yet: the path says nothing then.
        let place = match self.kind {
            ErrorKind::Connect | ErrorKind::Tls => origin(&self.url),
            _ => &self.url,
        };
        write!(f, "{place}: {what}")?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        if self.is_deletion_in_doubt {
            f.write_str(" (the deletion may have been carried out: an answer to it was lost)")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
