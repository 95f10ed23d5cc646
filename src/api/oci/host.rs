//! The host part of an image name.

use std::net::Ipv6Addr;

use crate::text::consists_of;

/// Whether what stands before the first slash is meant as a host.
pub(super) fn is_host(text: &str) -> bool {
    text.contains(['.', ':']) || text.eq_ignore_ascii_case("localhost")
}

/// Host and port in lower case; `None` unless they are well formed.
pub(super) fn normalized_host(text: &str) -> Option<String> {
    let (name_is_valid, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            (address.parse::<Ipv6Addr>().is_ok(), port)
        }
        None => {
            let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            (is_domain(name), port)
        }
    };
    let port_is_valid = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
    (name_is_valid && port_is_valid).then(|| text.to_ascii_lowercase())
}

fn is_domain(name: &str) -> bool {
    name.len() <= 253
        && name.split('.').all(|label| {
            label.len() <= 63
                && consists_of(label, |b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

fn is_port(text: &str) -> bool {
    consists_of(text, |b| b.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::normalized_host;

    #[test]
    fn knows_hosts_with_and_without_a_port() {
        for (given, expected) in [
            ("reg.azurecr.io", "reg.azurecr.io"),
            ("REG.azurecr.io:443", "reg.azurecr.io:443"),
            ("LocalHost:5480", "localhost:5480"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("[2001:DB8::1]", "[2001:db8::1]"),
            ("[::1]:65535", "[::1]:65535"),
            ("a-b.c--d.io:1", "a-b.c--d.io:1"),
        ] {
            assert_eq!(normalized_host(given).as_deref(), Some(expected), "{given}");
        }
    }

    #[test]
    fn refuses_what_is_no_host() {
        let words = "reg.io: reg.io:0 reg.io:65536 reg.io:+5 reg.io:5a reg.io:1:2 -reg.io reg-.io reg..io .io \
            räg.io re_g.io https: [::1 [::g] [::1]5000 [::1]: [] ::1 :80 user@reg.io reg.io?x=1 %41.io";
        for text in words
            .split_whitespace()
            .chain(["", " reg.io", "reg.io\0", "reg.io:8\n"])
        {
            assert_eq!(normalized_host(text), None, "{text:?}");
        }
        for text in [format!("{}.io", "x".repeat(64)), "x.".repeat(200) + "io"] {
            assert_eq!(normalized_host(&text), None);
        }
    }
}
