//! The address of a registry.

use super::error::Error;
use url::{Host, Url};

/// Where a registry answers: a host, with a port unless it is the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginServer {
    origin: String,
    host: String,
}

impl LoginServer {
    /// Reads `contoso.azurecr.io`, `localhost:5480` or a whole address. Plain HTTP must be asked for,
    /// and is for this machine only: what is sent there are secrets.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refused = |why: &str| Error::Address {
            given: text.chars().take(LONGEST_SHOWN).collect(),
            why: why.to_owned(),
        };
        let address = match text.contains("://") {
            true => text.to_owned(),
            false => format!("https://{text}"),
        };
        let url = Url::parse(&address).map_err(|error| refused(&error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("it holds a name or a password"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(refused("something follows the host"));
        }
        match url.scheme() {
            "https" => {}
            "http" if is_this_machine(&url) => {}
            "http" => return Err(refused("plain HTTP is for this machine only")),
            _ => return Err(refused("it is no https address")),
        }
        Self::of(&url).ok_or_else(|| refused("it names no host"))
    }

    /// The host and port of an address, whatever its path.
    pub(super) fn of(url: &Url) -> Option<Self> {
        let name = url.host_str()?;
        let host = match url.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        };
        Some(Self {
            origin: format!("{}://{host}", url.scheme()),
            host,
        })
    }

    /// The host as image names begin with it.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The scheme and the host, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub(super) fn is_secure(&self) -> bool {
        self.origin.starts_with("https:")
    }
}

const LONGEST_SHOWN: usize = 200;

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_become_origins() {
        for (given, origin, host) in [
            (
                "Contoso.azurecr.io",
                "https://contoso.azurecr.io",
                "contoso.azurecr.io",
            ),
            (
                "https://contoso.azurecr.io:443/",
                "https://contoso.azurecr.io",
                "contoso.azurecr.io",
            ),
            (
                "foo.localhost:5480",
                "https://foo.localhost:5480",
                "foo.localhost:5480",
            ),
            (
                "http://localhost:5480",
                "http://localhost:5480",
                "localhost:5480",
            ),
            ("http://[::1]:80", "http://[::1]", "[::1]"),
        ] {
            let server = LoginServer::parse(given).unwrap();
            assert_eq!((server.origin(), server.host()), (origin, host), "{given}");
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused() {
        for given in [
            "",
            "http://contoso.azurecr.io",
            "ftp://localhost",
            "me:hunter2@contoso.azurecr.io",
            "contoso.azurecr.io/app",
            "contoso.azurecr.io?x",
            "contoso.azurecr.io#x",
            "a b",
            "host:99999",
        ] {
            assert!(LoginServer::parse(given).is_err(), "{given}");
        }
        let error = LoginServer::parse(&"x/".repeat(99_999)).unwrap_err();
        assert!(error.to_string().len() < 400);
    }
}
