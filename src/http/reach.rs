//! Which hosts a client may reach: who fetches what strangers name must not be led to its own neighbours.

use std::net::{IpAddr, Ipv4Addr};
use url::{Host, Url};

/// Azure's own service on every virtual machine, at an address that looks like any other.
const AZURE_HOST: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// The hosts that requests may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// All.
    #[default]
    Everywhere,
    /// All but this machine and what answers to machines alone: loopback, link-local and multicast
    /// addresses, and every name that leads to one. Private networks are reached: they have
    /// registries of their own.
    Outside,
}

impl Reach {
    /// Whether a connection to this address may be opened.
    pub(crate) fn allows(self, address: IpAddr) -> bool {
        if self == Self::Everywhere {
            return true;
        }
        match address.to_canonical() {
            IpAddr::V4(ip) => {
                !(ip.is_loopback()
                    || ip.is_link_local()
                    || ip.is_multicast()
                    || ip.is_broadcast()
                    || ip.octets()[0] == 0
                    || ip == AZURE_HOST)
            }
            IpAddr::V6(ip) => {
                let is_link_local = ip.segments()[0] & 0xffc0 == 0xfe80;
                !(ip.is_loopback() || ip.is_unspecified() || ip.is_multicast() || is_link_local)
            }
        }
    }

    /// Whether an address on the web may be asked, as far as it tells. A name tells when it is resolved.
    pub(crate) fn allows_url(self, url: &Url) -> bool {
        match url.host() {
            Some(Host::Ipv4(ip)) => self.allows(ip.into()),
            Some(Host::Ipv6(ip)) => self.allows(ip.into()),
            Some(Host::Domain(_)) => self == Self::Everywhere || !crate::is_loopback(url),
            None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reach;

    #[test]
    fn the_outside_has_no_loopback_and_no_metadata_service() {
        for inside in [
            "http://localhost:5000/",
            "http://foo.localhost/",
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0.0.0.0/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/metadata",
            "http://[fe80::1]/",
            "http://168.63.129.16/",
            "http://224.0.0.1/",
        ] {
            let url = inside.parse().unwrap();
            assert!(!Reach::Outside.allows_url(&url), "{inside}");
            assert!(Reach::Everywhere.allows_url(&url), "{inside}");
        }
        for outside in [
            "https://10.0.0.1/",
            "https://example.org/",
            "https://[2001:db8::1]/",
        ] {
            assert!(
                Reach::Outside.allows_url(&outside.parse().unwrap()),
                "{outside}"
            );
        }
    }
}
