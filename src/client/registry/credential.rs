//! Who the caller is, and where that is asked.

use super::{Error, Granted};
use acr_api::auth::Scope;
use acr_auth::exchange::{self, RegistryToken};
use acr_http::Secret;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::TimeDelta;
use std::fmt;
use std::future::ready;
use std::pin::Pin;

/// Enough for the one request that it is for.
const LEAST_LEFT: TimeDelta = TimeDelta::minutes(1);

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

/// Something that is on its way.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where a credential comes from. It is asked whenever a token is needed, and keeps what it has for
/// as long as that is good.
pub trait CredentialSource: fmt::Debug + Send + Sync {
    /// The credential for a registry; `service` is what the registry calls itself.
    fn credential<'a>(&'a self, service: &'a str) -> Pending<'a, Result<Credential, Error>>;

    /// A token of an earlier run that opens these scopes.
    fn kept<'a>(&'a self, _scopes: &'a [Scope]) -> Pending<'a, Option<Granted>> {
        Box::pin(ready(None))
    }

    /// Keeps a token for a later run.
    fn keep<'a>(&'a self, _scopes: &'a [Scope], _token: &'a Granted) -> Pending<'a, ()> {
        Box::pin(ready(()))
    }

    /// What came from here was refused. Whether the next credential may be a better one.
    fn doubt(&self) -> Pending<'_, bool> {
        Box::pin(ready(false))
    }
}

impl CredentialSource for Credential {
    fn credential<'a>(&'a self, _service: &'a str) -> Pending<'a, Result<Credential, Error>> {
        Box::pin(ready(Ok(self.clone())))
    }
}

/// An Azure identity, by the refresh token that the registry gives it.
impl CredentialSource for exchange::Registry {
    fn credential<'a>(&'a self, _service: &'a str) -> Pending<'a, Result<Credential, Error>> {
        Box::pin(async {
            match self.refresh_token(LEAST_LEFT).await {
                Ok(token) => Ok(Credential::Refresh(token.secret)),
                Err(error) => Err(Error::Login(Box::new(error))),
            }
        })
    }

    fn kept<'a>(&'a self, scopes: &'a [Scope]) -> Pending<'a, Option<Granted>> {
        Box::pin(async {
            let token = exchange::Registry::kept(self, scopes).await?;
            let lifetime = (token.expires_at - self.now()).to_std().ok()?;
            Some(Granted {
                token: token.secret,
                lifetime,
            })
        })
    }

    fn keep<'a>(&'a self, scopes: &'a [Scope], token: &'a Granted) -> Pending<'a, ()> {
        let lifetime = TimeDelta::from_std(token.lifetime).unwrap_or_default();
        let token = RegistryToken {
            secret: token.token.clone(),
            expires_at: self.now() + lifetime,
        };
        Box::pin(exchange::Registry::keep(self, scopes, token))
    }

    fn doubt(&self) -> Pending<'_, bool> {
        Box::pin(exchange::Registry::doubt(self))
    }
}
