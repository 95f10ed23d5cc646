//! Who the caller is, and where that is asked.

use super::Error;
use acr_http::Secret;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::fmt;
use std::pin::Pin;

/// A proof of who the caller is.
#[derive(Debug, Clone)]
pub enum Credential {
    /// Nobody.
    Anonymous,
    /// A name and a password: of a token, a service principal or the admin user.
    Basic {
        /// The name.
        username: String,
        /// The password.
        password: Secret,
    },
    /// What stands for a login: a refresh token of Azure, or what Docker's files call an identity token.
    Refresh(Secret),
}

impl Credential {
    /// The value of `Authorization` for a name and a password.
    pub(super) fn basic(username: &str, password: &Secret) -> String {
        let pair = format!("{username}:{}", password.expose());
        format!("Basic {}", BASE64_STANDARD.encode(pair))
    }
}

/// A credential that is on its way.
pub type CredentialFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credential, Error>> + Send + 'a>>;

/// Where a credential comes from. It is asked whenever a token is needed, and keeps what it has for
/// as long as that is good.
pub trait CredentialSource: fmt::Debug + Send + Sync {
    /// The credential for a registry; `service` is what the registry calls itself.
    fn credential<'a>(&'a self, service: &'a str) -> CredentialFuture<'a>;
}

impl CredentialSource for Credential {
    fn credential<'a>(&'a self, _service: &'a str) -> CredentialFuture<'a> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}
