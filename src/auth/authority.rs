//! The token service of one tenant, and the grants asked of it.
//!
//! Addresses are built, never discovered: the tenant's metadata holds nothing that is not known, and
//! no authority but the configured one is ever called (what az calls `core.instance_discovery`).

use crate::answer::{self, TokenAnswer};
use crate::context::Context;
use crate::error::Error;
use crate::link::Link;
use std::time::Duration;
use url::{Host, Url};

const LIMIT: Duration = Duration::from_secs(30);
const ADFS: &str = "adfs";

/// A tenant at a token service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    base: String,
    host: String,
    tenant: String,
}

impl Authority {
    /// Checks the address and the tenant; neither comes from a trusted place.
    pub(crate) fn new(link: Link, base: &str, tenant: &str) -> Result<Self, Error> {
        let base = match base.contains("://") {
            true => base.to_lowercase(),
            false => format!("https://{}", base.to_lowercase()),
        };
        let base = base.trim_end_matches('/').to_owned();
        let url = Url::parse(&base)
            .map_err(|error| Error::setup(link, format!("bad authority {base:?}: {error}")))?;
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        let is_plain =
            url.username().is_empty() && url.query().is_none() && url.fragment().is_none();
        let Some(host) = url.host_str().filter(|_| is_safe && is_plain) else {
            let message = format!("the authority {base:?} is no https address");
            return Err(Error::setup(link, message));
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if tenant.is_empty() || !tenant.chars().all(is_name) {
            return Err(Error::setup(link, format!("bad tenant {tenant:?}")));
        }
        let is_adfs = base.ends_with("/adfs");
        Ok(Self {
            host: host.to_owned(),
            tenant: if is_adfs { ADFS } else { tenant }.to_owned(),
            base,
        })
    }

    /// The name that MSAL files tokens under.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn tenant(&self) -> &str {
        &self.tenant
    }

    /// Active Directory Federation Services have no tenants and older grammar.
    pub(crate) fn is_adfs(&self) -> bool {
        self.tenant == ADFS
    }

    pub(crate) fn token_url(&self) -> String {
        self.address("token")
    }

    pub(crate) fn device_code_url(&self) -> String {
        self.address("devicecode")
    }

    fn address(&self, what: &str) -> String {
        match self.is_adfs() {
            true => format!("{}/oauth2/{what}", self.base),
            false => format!("{}/{}/oauth2/v2.0/{what}", self.base, self.tenant),
        }
    }

    /// Asks for a token.
    pub(crate) async fn grant(
        &self,
        context: &Context,
        link: Link,
        form: &[(&str, &str)],
    ) -> Result<TokenAnswer, Error> {
        let response = context
            .http
            .post(&self.token_url())
            .header("accept", "application/json")
            .form(form)
            .timeout(LIMIT)
            .send()
            .await
            .map_err(Error::transport(link))?;
        answer::read(link, response).await
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(base: &str, tenant: &str) -> Result<Authority, Error> {
        Authority::new(Link::Variables, base, tenant)
    }

    #[test]
    fn addresses_follow_the_kind_of_service() {
        let entra = authority("https://Login.microsoftonline.com/", "t-1").unwrap();
        assert_eq!(
            entra.token_url(),
            "https://login.microsoftonline.com/t-1/oauth2/v2.0/token"
        );
        assert_eq!(entra.host(), "login.microsoftonline.com");
        let bare = authority("login.chinacloudapi.cn", "t").unwrap();
        assert!(
            bare.token_url()
                .starts_with("https://login.chinacloudapi.cn/t/")
        );
        let adfs = authority("https://adfs.stack.example/adfs", "ignored").unwrap();
        assert_eq!(
            adfs.token_url(),
            "https://adfs.stack.example/adfs/oauth2/token"
        );
        let local = authority("http://localhost:5480", "t").unwrap();
        assert_eq!(local.host(), "localhost");
    }

    #[test]
    fn secrets_go_to_no_plain_address_and_tenants_make_no_paths() {
        assert!(authority("http://login.example.com", "t").is_err());
        assert!(authority("ftp://localhost", "t").is_err());
        assert!(authority("https://me@login.example.com", "t").is_err());
        assert!(authority("https://login.example.com?x=1", "t").is_err());
        assert!(authority("https://login.example.com", "t/../x").is_err());
        assert!(authority("https://login.example.com", "").is_err());
        assert!(authority("https://", "t").is_err());
    }
}
