//! Headers that every answer carries unless its handler said otherwise.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const NOSNIFF: (HeaderName, HeaderValue) = (
    header::X_CONTENT_TYPE_OPTIONS,
    HeaderValue::from_static("nosniff"),
);
const NO_STORE: (HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
const TLS_ONLY: (HeaderName, HeaderValue) = (
    header::STRICT_TRANSPORT_SECURITY,
    HeaderValue::from_static("max-age=31536000; includeSubDomains"),
);

pub(super) fn add(headers: &mut HeaderMap, host: &str, is_tls: bool) {
    let mut default = |(name, value): (HeaderName, HeaderValue)| {
        headers.entry(name).or_insert(value);
    };
    default(NOSNIFF);
    default(NO_STORE);
    if is_tls && !is_this_machine(host) {
        default(TLS_ONLY);
    }
}

/// A browser would hold every other program on `localhost` to a promise made for that name, on any port.
fn is_this_machine(host: &str) -> bool {
    host.is_empty()
        || host == "localhost"
        || host.ends_with(".localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(host: &str, is_tls: bool) -> HeaderMap {
        let mut headers = HeaderMap::new();
        add(&mut headers, host, is_tls);
        headers
    }

    #[test]
    fn only_a_public_name_promises_tls() {
        let promises =
            |host, is_tls| added(host, is_tls).contains_key(header::STRICT_TRANSPORT_SECURITY);
        assert!(promises("foo.registry.test", true));
        assert!(!promises("foo.registry.test", false));
        for host in ["localhost", "foo.localhost", "127.0.0.1", "[::1]", ""] {
            assert!(!promises(host, true), "{host}");
        }
    }

    #[test]
    fn a_handler_may_say_otherwise() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("max-age=60"),
        );
        add(&mut headers, "localhost", true);
        assert_eq!(headers[header::CACHE_CONTROL], "max-age=60");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}
