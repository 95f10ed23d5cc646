//! One request as it went over the wire, in a form that two clients can be compared in.

use hyper::http::request::Parts;
use serde_json::Value;
use std::fmt;

/// A request, with its order of parameters and of JSON members taken out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recorded {
    pub(super) method: String,
    /// The registry that was asked, if it was not ARM.
    pub(super) registry: Option<String>,
    /// As it was sent, escapes and letter case included; only the number of an operation is left out.
    pub(super) path: String,
    /// Decoded, sorted.
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Body,
}

/// The content of a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    None,
    Json(Value),
    Other(String),
}

impl Recorded {
    pub(super) fn new(parts: &Parts, body: &[u8]) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let mut query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        query.sort();
        let body = match serde_json::from_slice(body) {
            _ if body.is_empty() => Body::None,
            Ok(value) => Body::Json(value),
            Err(_) => Body::Other(String::from_utf8_lossy(body).into_owned()),
        };
        Self {
            method: parts.method.to_string(),
            registry: registry(parts),
            path: without_operation(parts.uri.path()),
            query,
            body,
        }
    }

    /// Whether it belongs to finding the cloud and signing in, which each client does at times of its own.
    pub(super) fn is_of_login(&self) -> bool {
        let is_of_registry_login = self.path == "/v2/" || self.path.starts_with("/oauth2/");
        (self.registry.is_some() && is_of_registry_login)
            || self.path == "/metadata/endpoints"
            || self.path == "/subscriptions"
            || self.is_for_token()
            || self.path.contains("/.well-known/")
    }

    /// Whether it asks how far an operation is.
    pub(super) fn is_poll(&self) -> bool {
        self.path.ends_with("/operationResults/*") || self.path.ends_with("/operationStatuses/*")
    }

    /// Whether it asks for a token.
    pub(super) fn is_for_token(&self) -> bool {
        self.path.ends_with("/oauth2/v2.0/token")
    }

    /// Whether it may change what the server holds.
    pub(super) fn is_change(&self) -> bool {
        let only_asks = ["/checkNameAvailability", "/listCredentials"];
        self.method != "GET"
            && !self.is_of_login()
            && !only_asks.iter().any(|end| self.path.ends_with(end))
    }
}

/// The first label of the host, if it has more than one.
fn registry(parts: &Parts) -> Option<String> {
    let host = parts.headers.get("host")?.to_str().ok()?;
    let (label, _) = host.split_once('.')?;
    Some(label.to_owned())
}

/// The service numbers each operation anew.
fn without_operation(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((kind, _)) if kind.ends_with("/operationResults") => format!("{kind}/*"),
        Some((kind, _)) if kind.ends_with("/operationStatuses") => format!("{kind}/*"),
        _ => path.to_owned(),
    }
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let registry = self.registry.as_deref().unwrap_or_default();
        write!(f, "{} {registry}{}", self.method, self.path)?;
        for (position, (name, value)) in self.query.iter().enumerate() {
            let mark = if position == 0 { '?' } else { '&' };
            write!(f, "{mark}{name}={value}")?;
        }
        match &self.body {
            Body::None => Ok(()),
            Body::Json(value) => write!(f, " {value}"),
            Body::Other(text) => write!(f, " {text:?}"),
        }
    }
}
