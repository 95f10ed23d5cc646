//! The login that az left behind, whatever kind of identity it was.

use super::holder::Holder;
use crate::account::{Account, User, UserKind};
use crate::answer::TokenAnswer;
use crate::authority::Authority;
use crate::az::{Config, Granted, Identity, Profile, Subscription, TokenCache};
use crate::context::Context;
use crate::credential::client::Client;
use crate::credential::device_login::AZURE_CLI_CLIENT_ID;
use crate::error::Error;
use crate::link::Link;
use crate::scope::Scope;
use crate::token::AccessToken;

const LINK: Link = Link::AzProfile;
/// What MSAL asks for beside the scope itself, sorted as it files them.
const USER_SCOPES: &str = "offline_access openid profile";

/// A subscription of az's profile, and the identity that found it.
#[derive(Debug)]
pub(crate) struct AzLogin {
    subscription: Subscription,
    config: Config,
    holder: Holder,
}

impl AzLogin {
    /// The login for the chain's cloud, if az has one.
    pub(crate) fn detect(context: &Context) -> Result<Option<Self>, Error> {
        let profile = Profile::load(&context.environment)?;
        let cloud = &context.cloud.name;
        if profile.subscriptions(cloud).next().is_none() {
            return Ok(None);
        }
        let subscription = profile.select(cloud, context.subscription.as_deref())?;
        let config = Config::load(&context.environment)?;
        Ok(Some(Self {
            holder: Holder::of(context, subscription, &config)?,
            subscription: subscription.clone(),
            config,
        }))
    }

    pub(crate) fn account(&self) -> Account {
        let user = &self.subscription.user;
        let kind = match (&self.holder, user.kind.as_str()) {
            (Holder::Managed(_), _) if !user.is_cloud_shell => UserKind::ManagedIdentity,
            (_, "servicePrincipal") => UserKind::ServicePrincipal,
            _ => UserKind::User,
        };
        Account {
            tenant_id: self.subscription.tenant_id.clone(),
            subscription_id: Some(self.subscription.id.clone()),
            subscription_name: self.subscription.name.clone(),
            user: User {
                name: user.name.clone(),
                kind,
            },
            cloud: self
                .subscription
                .environment_name
                .clone()
                .unwrap_or_default(),
        }
    }

    /// A token from az's cache, else a new one, which az then finds there too.
    pub(crate) async fn token(
        &self,
        context: &Context,
        scope: &Scope,
    ) -> Result<AccessToken, Error> {
        match &self.holder {
            Holder::User { authority, name } => {
                self.user_token(context, scope, (authority, name)).await
            }
            Holder::Application(client) => self.application_token(context, scope, client).await,
            Holder::Managed(identity) => identity
                .grant(context, scope)
                .await?
                .token(LINK, context.now()),
        }
    }

    async fn user_token(
        &self,
        context: &Context,
        scope: &Scope,
        (authority, name): (&Authority, &str),
    ) -> Result<AccessToken, Error> {
        let cache = TokenCache::load(&context.environment, &self.config).await?;
        let identity = Identity {
            home_account_id: Some(cache.home_account_id(authority, name)?),
            client_id: AZURE_CLI_CLIENT_ID.to_owned(),
            authority: authority.clone(),
        };
        if let Some(token) = cache.access_token(&identity, scope, context.now()) {
            return Ok(token);
        }
        let asked = format!("{scope} {USER_SCOPES}");
        let mut last = None;
        for refresh in cache.refresh_tokens(&identity) {
            let form = [
                ("grant_type", "refresh_token"),
                ("client_id", AZURE_CLI_CLIENT_ID),
                ("refresh_token", refresh.secret.expose()),
                ("scope", &asked),
            ];
            let answer = match authority.grant(context, LINK, &form).await {
                Ok(answer) => answer,
                Err(refused @ Error::Refused { .. }) => {
                    last = Some(refused);
                    continue;
                }
                Err(other) => return Err(other),
            };
            let token = answer.token(LINK, context.now())?;
            let granted = Granted {
                token: &token,
                target: target(&answer, &asked),
                id_token: answer.id_token.as_deref(),
                rotated: answer.refresh_token.as_deref().map(|new| (&refresh, new)),
            };
            remember(&cache, context, &identity, &granted).await;
            return Ok(token);
        }
        Err(last.unwrap_or_else(|| {
            let message = format!(
                "it keeps no refresh token for {name}; if Windows' account broker holds it, run \
                 `az config set core.enable_broker_on_windows=false` and `az login`"
            );
            Error::setup(LINK, message)
        }))
    }

    async fn application_token(
        &self,
        context: &Context,
        scope: &Scope,
        client: &Client,
    ) -> Result<AccessToken, Error> {
        let cache = TokenCache::load(&context.environment, &self.config).await?;
        let identity = Identity {
            authority: client.authority.clone(),
            client_id: client.client_id.clone(),
            home_account_id: None,
        };
        if let Some(token) = cache.access_token(&identity, scope, context.now()) {
            return Ok(token);
        }
        let answer = client.grant(context, scope).await?;
        let token = answer.token(LINK, context.now())?;
        let granted = Granted {
            token: &token,
            target: target(&answer, scope.as_str()),
            id_token: None,
            rotated: None,
        };
        remember(&cache, context, &identity, &granted).await;
        Ok(token)
    }
}

/// The scopes a token is good for, sorted as MSAL files them.
fn target(answer: &TokenAnswer, asked: &str) -> String {
    let scopes = answer.scope.as_deref().unwrap_or(asked);
    let mut scopes: Vec<&str> = scopes.split_whitespace().collect();
    scopes.sort_unstable();
    scopes.join(" ")
}

/// A token that could not be written back is as good as any; az only has to fetch its own.
async fn remember(
    cache: &TokenCache,
    context: &Context,
    identity: &Identity,
    granted: &Granted<'_>,
) {
    if let Err(error) = cache.store(identity, granted, context.now()).await {
        tracing::warn!(%error, "the token could not be written back to az's cache");
    }
}
