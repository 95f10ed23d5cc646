//! Where a registry answers, and which addresses are still its own.

use super::Error;
use url::Url;

/// The base address of a registry.
#[derive(Debug, Clone)]
pub struct Endpoint {
    base: Url,
    host: String,
}

impl Endpoint {
    /// A registry behind TLS; `host` may have a port.
    pub fn secure(host: &str) -> Result<Self, Error> {
        // Docker Hub's images are named after a host that does not serve them.
        let server = match host {
            "docker.io" | "index.docker.io" => "registry-1.docker.io",
            _ => host,
        };
        Self::new("https", server, host)
    }

    /// A registry on this machine without TLS. A host elsewhere is refused: the credential would
    /// cross the network in the open.
    pub fn plain(host: &str) -> Result<Self, Error> {
        let endpoint = Self::new("http", host, host)?;
        if acr_http::is_loopback(&endpoint.base) {
            Ok(endpoint)
        } else {
            Err(Error::address(
                host,
                "plain HTTP is spoken with this machine only",
            ))
        }
    }

    fn new(scheme: &str, server: &str, host: &str) -> Result<Self, Error> {
        let is_bare = |url: &Url| {
            url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none()
        };
        let base: Url = format!("{scheme}://{server}/")
            .parse()
            .ok()
            .filter(is_bare)
            .ok_or_else(|| Error::address(host, "it is no host name"))?;
        Ok(Self {
            base,
            host: host.to_owned(),
        })
    }

    /// Host and port as they were given, for names of images and for messages.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the registry is spoken to without TLS.
    pub(super) fn is_plain(&self) -> bool {
        self.base.scheme() == "http"
    }

    /// The address of a path that begins with a slash.
    pub(super) fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    /// Whether a credential of this registry may go to `url`.
    pub(super) fn owns(&self, url: &Url) -> bool {
        self.base.origin() == url.origin()
    }

    /// Where a `Location` or `Link` of an answer from `from` leads.
    ///
    /// A registry behind a proxy that ends TLS often writes its own address as plain HTTP; that is
    /// put right. Any other address without TLS is refused, unless it lies on this machine.
    pub(super) fn follow(&self, from: &Url, target: &str) -> Result<Url, Error> {
        let refuse = |why: &str| {
            Err(Error::Decode {
                url: acr_http::redact_url(from),
                reason: format!("it leads to an address that {why}"),
            })
        };
        let Ok(mut url) = from.join(target) else {
            return refuse("is none");
        };
        if url.scheme() == "http" && !self.is_plain() && url.host() == self.base.host() {
            url = self.base.clone();
            if let Ok(told) = from.join(target) {
                url.set_path(told.path());
                url.set_query(told.query());
            }
        }
        match url.scheme() {
            "https" => Ok(url),
            "http" if self.is_plain() && acr_http::is_loopback(&url) => Ok(url),
            _ => refuse("has no TLS"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    fn follow(endpoint: &Endpoint, target: &str) -> Option<String> {
        let from = endpoint.url("/v2/a/blobs/uploads/");
        Some(endpoint.follow(&from, target).ok()?.to_string())
    }

    #[test]
    fn takes_hosts_and_nothing_else() {
        assert!(Endpoint::secure("foo.azurecr.io").is_ok());
        assert!(Endpoint::secure("[::1]:5000").is_ok());
        for odd in ["", "a/b", "user@host", "a?b", "a b"] {
            assert!(Endpoint::secure(odd).is_err(), "{odd}");
        }
        assert!(Endpoint::plain("foo.localhost:5480").is_ok());
        assert!(Endpoint::plain("foo.azurecr.io").is_err());
    }

    #[test]
    fn docker_hub_is_served_from_elsewhere() {
        let hub = Endpoint::secure("docker.io").unwrap();
        assert_eq!(hub.host(), "docker.io");
        assert_eq!(
            hub.url("/v2/").to_string(),
            "https://registry-1.docker.io/v2/"
        );
    }

    #[test]
    fn follows_to_places_with_tls() {
        let endpoint = Endpoint::secure("foo.azurecr.io").unwrap();
        let up = |target| follow(&endpoint, target);
        assert_eq!(up("/x?a=b").unwrap(), "https://foo.azurecr.io/x?a=b");
        assert_eq!(
            up("https://blob.example/x").unwrap(),
            "https://blob.example/x"
        );
        assert_eq!(
            up("http://foo.azurecr.io/x?q").unwrap(),
            "https://foo.azurecr.io/x?q"
        );
        assert_eq!(up("http://elsewhere.example/x"), None);
        assert_eq!(up("http://localhost:1/x"), None);
        assert_eq!(up("file:///etc/passwd"), None);
    }

    #[test]
    fn a_neighbour_is_not_the_registry() {
        let endpoint = Endpoint::secure("foo.azurecr.io").unwrap();
        let owns = |url: &str| endpoint.owns(&url.parse().unwrap());
        assert!(owns("https://foo.azurecr.io/v2/"));
        assert!(!owns("https://foo.azurecr.io:8443/v2/"));
        assert!(!owns("https://foo.azurecr.io.example/v2/"));
        assert!(!owns("http://foo.azurecr.io/v2/"));
    }
}
