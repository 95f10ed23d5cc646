//! Which names the local authority vouches for.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use crate::config::Listen;

/// The names of this server.
#[derive(Debug, Clone)]
pub(super) struct Names {
    domain: String,
    host: String,
}

impl Names {
    pub(super) fn new(domain: &str, listen: &Listen) -> Self {
        Self {
            domain: domain.to_owned(),
            host: listen.host.clone(),
        }
    }

    /// The name a client asked for, lower-case, if a certificate of its own may be made for it.
    pub(super) fn own(&self, asked: &str) -> Option<String> {
        let name = asked.trim_end_matches('.').to_ascii_lowercase();
        let is_under = |parent: &str| {
            name == parent
                || name
                    .strip_suffix(parent)
                    .is_some_and(|front| front.ends_with('.'))
        };
        let is_ours = is_under(&self.domain) || is_under("localhost") || name == self.host;
        is_ours.then_some(name)
    }

    /// What the certificate holds for clients that ask for no name, or for one that is not ours.
    pub(super) fn default_names(&self, local: IpAddr) -> (BTreeSet<String>, BTreeSet<IpAddr>) {
        let mut names = BTreeSet::from(["localhost".to_owned(), self.domain.clone()]);
        let mut addresses = BTreeSet::from([
            Ipv4Addr::LOCALHOST.into(),
            Ipv6Addr::LOCALHOST.into(),
            local.to_canonical(),
        ]);
        match self.host.parse::<IpAddr>() {
            Ok(address) if address.is_unspecified() => {}
            Ok(address) => {
                addresses.insert(address);
            }
            Err(_) => {
                names.insert(self.host.clone());
            }
        }
        (names, addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(host: &str) -> Names {
        let listen = Listen {
            host: host.to_owned(),
            port: 1,
        };
        Names::new("registry.test", &listen)
    }

    #[test]
    fn only_own_names_get_a_certificate() {
        let names = names("box.lan");
        for (asked, own) in [
            ("registry.test", true),
            ("Foo.Registry.Test.", true),
            ("foo.west.data.registry.test", true),
            ("localhost", true),
            ("foo.localhost", true),
            ("box.lan", true),
            ("foo.box.lan", false),
            ("notregistry.test", false),
            ("registry.test.evil.com", false),
            ("management.azure.com", false),
            ("", false),
        ] {
            assert_eq!(names.own(asked).is_some(), own, "{asked}");
        }
    }

    #[test]
    fn the_default_covers_the_address_that_was_reached() {
        let (dns, addresses) = names("0.0.0.0").default_names("::ffff:10.0.0.7".parse().unwrap());
        assert!(dns.contains("localhost") && dns.contains("registry.test"));
        assert!(addresses.contains(&"10.0.0.7".parse::<IpAddr>().unwrap()));
        assert!(!addresses.contains(&"0.0.0.0".parse::<IpAddr>().unwrap()));
    }
}
