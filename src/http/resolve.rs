//! Name resolution that knows `*.localhost` (RFC 6761 §6.3), which most resolvers do not.

use crate::reach::Reach;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// Why a host is not asked.
pub(crate) const OUT_OF_REACH: &str =
    "the host lies on this machine or its own link, where this request may not go";

#[derive(Debug)]
pub(crate) struct Resolver(pub(crate) Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            if is_localhost(name.as_str()) {
                let loopback: Addrs = Box::new(
                    [
                        IpAddr::V4(Ipv4Addr::LOCALHOST),
                        IpAddr::V6(Ipv6Addr::LOCALHOST),
                    ]
                    .into_iter()
                    .map(|ip| SocketAddr::new(ip, 0)),
                );
                return Ok(loopback);
            }
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.iter().any(|address| !reach.allows(address.ip())) {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, OUT_OF_REACH).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or(name);
    last.eq_ignore_ascii_case("localhost")
}

/// Whether an address lies on this machine, where no proxy has a business.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_localhost(name),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn knows_what_lies_on_this_machine() {
        for here in [
            "http://localhost:1/",
            "https://foo.LOCALHOST/",
            "http://127.9.9.9",
            "http://[::1]/",
        ] {
            assert!(is_loopback(&here.parse().unwrap()), "{here}");
        }
        for elsewhere in ["https://localhost.example.org/", "http://10.0.0.1/"] {
            assert!(!is_loopback(&elsewhere.parse().unwrap()), "{elsewhere}");
        }
    }
}
