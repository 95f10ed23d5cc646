//! The server's own address as the client of a request knows it, for links in answers.

use axum::http::{HeaderMap, header, request::Parts};

use super::Peer;
use crate::app::App;

/// The longest host header that is repeated in answers.
const LONGEST_HOST: usize = 260;

/// Scheme, host and port of a request, such as `https://localhost:5480`; the configured address
/// if the request does not say.
pub(crate) fn origin(app: &App, parts: &Parts) -> String {
    let configured = &app.settings().endpoint;
    let Some(host) = host(parts) else {
        return configured.clone();
    };
    let scheme = match parts.extensions.get::<Peer>() {
        Some(peer) if peer.is_tls => "https",
        Some(_) => "http",
        None => configured.split("://").next().unwrap_or("https"),
    };
    format!("{scheme}://{host}")
}

/// Whether an address is of this very machine, so that no name service can have lied about it.
pub(crate) fn is_loopback(origin: &str) -> bool {
    url::Url::parse(origin).is_ok_and(|url| match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    })
}

fn host(parts: &Parts) -> Option<String> {
    let named = parts
        .uri
        .authority()
        .map(|authority| authority.as_str().to_owned());
    let host = named.or_else(|| text(&parts.headers))?;
    let is_well_formed = (1..=LONGEST_HOST).contains(&host.len())
        && host.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']')
        });
    is_well_formed.then(|| host.to_ascii_lowercase())
}

fn text(headers: &HeaderMap) -> Option<String> {
    Some(headers.get(header::HOST)?.to_str().ok()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_this_machine_is_loopback() {
        for (origin, expected) in [
            ("http://localhost:5480", true),
            ("https://127.0.0.1", true),
            ("https://[::1]:1", true),
            ("https://localhost.example", false),
            ("https://10.0.0.1", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_loopback(origin), expected, "{origin}");
        }
    }
}
