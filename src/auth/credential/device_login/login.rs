//! A login by code that was made earlier, and its renewal.

use crate::account::{Account, User, UserKind, split_subscription};
use crate::authority::Authority;
use crate::cache::{StoredLogin, Vault};
use crate::context::Context;
use crate::error::Error;
use crate::link::Link;
use crate::scope::Scope;
use crate::token::AccessToken;
use acr_http::Secret;

pub(super) const LINK: Link = Link::DeviceLogin;
pub(super) const SCOPES: &str = "offline_access openid profile";

/// The public client that Microsoft registered for its command line. It is allowed in every tenant, so
/// that nobody has to register one for this program.
pub(crate) const AZURE_CLI_CLIENT_ID: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// A login that was made earlier and stored.
#[derive(Debug)]
pub(crate) struct DeviceLogin {
    authority: Authority,
    login: StoredLogin,
}

impl DeviceLogin {
    /// The stored login at the chain's authority, if there is one.
    pub(crate) fn detect(context: &Context, vault: &Vault) -> Result<Option<Self>, Error> {
        let Some(login) = vault.login(context.authority_host()) else {
            return Ok(None);
        };
        Ok(Some(Self {
            authority: Authority::new(LINK, context.authority_host(), &login.tenant)?,
            login,
        }))
    }

    pub(crate) fn account(&self, context: &Context) -> Account {
        let (subscription_id, subscription_name) =
            split_subscription(context.subscription.as_deref());
        Account {
            tenant_id: self.login.tenant.clone(),
            subscription_id,
            subscription_name,
            user: User {
                name: self.login.username.clone(),
                kind: UserKind::User,
            },
            cloud: context.cloud.name.clone(),
        }
    }

    /// What tells this login from others, for the key of a stored token.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.authority.token_url(), self.login.username)
    }

    /// Renews the token; the service may hand out a new refresh token along with it.
    pub(crate) async fn token(
        &self,
        context: &Context,
        vault: &Vault,
        scope: &Scope,
    ) -> Result<AccessToken, Error> {
        // Another process may have renewed the login since it was looked up.
        let current = vault.login(context.authority_host());
        let refresh = current.as_ref().unwrap_or(&self.login).refresh_token();
        let asked = format!("{scope} {SCOPES}");
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", AZURE_CLI_CLIENT_ID),
            ("refresh_token", refresh.expose()),
            ("scope", &asked),
        ];
        let answer = self.authority.grant(context, LINK, &form).await?;
        if let Some(new) = &answer.refresh_token {
            let login = self.login.renewed(Secret::new(new.as_str()));
            vault.put_login(context.authority_host(), login).await;
        }
        answer.token(LINK, context.now())
    }
}
