//! The credential that a chain settled on.

use super::az_login::AzLogin;
use super::client::Client;
use super::device_login::DeviceLogin;
use super::managed_identity::ManagedIdentity;
use crate::account::{Account, User, UserKind, split_subscription};
use crate::cache::{TokenKey, Vault};
use crate::context::Context;
use crate::error::Error;
use crate::link::Link;
use crate::scope::Scope;
use crate::token::AccessToken;

/// One of the kinds of credentials.
#[derive(Debug)]
pub(crate) enum Credential {
    Client(Client),
    Managed(ManagedIdentity),
    AzLogin(Box<AzLogin>),
    DeviceLogin(DeviceLogin),
}

impl Credential {
    /// The key that this program stores its token under; az stores the tokens of its own login.
    pub(crate) fn key(&self, scope: &Scope) -> Option<TokenKey> {
        match self {
            Self::Client(client) => Some(TokenKey::of(&[
                &client.authority.token_url(),
                &client.client_id,
                &client.fingerprint(),
                scope.as_str(),
            ])),
            Self::Managed(identity) => Some(TokenKey::of(&[&identity.key(), scope.as_str()])),
            Self::DeviceLogin(login) => Some(TokenKey::of(&[&login.key(), scope.as_str()])),
            Self::AzLogin(_) => None,
        }
    }

    /// The link that the tokens come through.
    pub(crate) fn link(&self) -> Link {
        match self {
            Self::Client(client) => client.link,
            Self::Managed(identity) => identity.link(),
            Self::AzLogin(_) => Link::AzProfile,
            Self::DeviceLogin(_) => Link::DeviceLogin,
        }
    }

    /// A new token.
    pub(crate) async fn token(
        &self,
        context: &Context,
        vault: &Vault,
        scope: &Scope,
    ) -> Result<AccessToken, Error> {
        match self {
            Self::Client(client) => {
                let answer = client.grant(context, scope).await?;
                answer.token(client.link, context.now())
            }
            Self::Managed(identity) => {
                let answer = identity.grant(context, scope).await?;
                answer.token(identity.link(), context.now())
            }
            Self::AzLogin(login) => login.token(context, scope).await,
            Self::DeviceLogin(login) => login.token(context, vault, scope).await,
        }
    }

    /// Whom the tokens belong to; a managed identity learns its tenant from a token only.
    pub(crate) fn account(&self, context: &Context) -> Option<Account> {
        let (tenant_id, name) = match self {
            Self::Client(client) => (client.authority.tenant(), client.client_id.clone()),
            Self::AzLogin(login) => return Some(login.account()),
            Self::DeviceLogin(login) => return Some(login.account(context)),
            Self::Managed(_) => return None,
        };
        let user = User {
            name,
            kind: UserKind::ServicePrincipal,
        };
        Some(account(context, tenant_id, user))
    }

    /// Whom the tokens belong to, where a token told the tenant.
    pub(crate) fn account_in(&self, context: &Context, tenant_id: &str) -> Account {
        let name = match self {
            Self::Managed(identity) => identity.selector.user_name(),
            _ => "",
        };
        let user = User {
            name: name.to_owned(),
            kind: UserKind::ManagedIdentity,
        };
        account(context, tenant_id, user)
    }
}

/// An account whose subscription is the one asked for, or the variable's.
fn account(context: &Context, tenant_id: &str, user: User) -> Account {
    let wanted = context.subscription.as_deref();
    let wanted = wanted.or(context.environment.var("AZURE_SUBSCRIPTION_ID"));
    let (subscription_id, subscription_name) = split_subscription(wanted);
    Account {
        tenant_id: tenant_id.to_owned(),
        subscription_id,
        subscription_name,
        user,
        cloud: context.cloud.name.clone(),
    }
}
