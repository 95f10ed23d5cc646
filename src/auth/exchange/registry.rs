//! A registry that an Azure identity wants tokens of, with those it has already.

use super::asker::Asker;
use super::challenge;
use super::error::Error;
use super::known_hosts::KnownHosts;
use super::login_server::LoginServer;
use super::service::{Caller, TokenService};
use super::token::RegistryToken;
use crate::cache::{TokenKey, Vault};
use crate::chain::Chain;
use crate::context::Clock;
use crate::environment::Environment;
use crate::link::Link;
use crate::token::AccessToken;
use acr_api::auth::Scope;
use acr_http::Client;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use tokio::sync::Mutex;

/// A token with less left is of no use to anybody.
const LEAST_LEFT: TimeDelta = TimeDelta::seconds(30);

/// What a registry is opened with.
#[derive(Debug)]
pub struct Settings {
    /// Where it answers.
    pub server: LoginServer,
    /// Gives the Azure token.
    pub chain: Arc<Chain>,
    /// What that token is made out to: [`crate::az::Config::registry_audience`].
    pub audience: String,
    /// Which hosts may see Azure tokens.
    pub known: KnownHosts,
    /// Tells the time.
    pub clock: Clock,
}

/// Gets the tokens of one registry for whoever a chain speaks for.
#[derive(Debug)]
pub struct Registry {
    http: Client,
    settings: Settings,
    vault: Vault,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    service: Option<TokenService>,
    /// What the registry gave out while this was open.
    refresh: Option<RegistryToken>,
    /// Whether the store has been found to hold what the registry does not take.
    distrusts_store: bool,
}

impl Registry {
    /// A registry that is not asked before a token is wanted.
    pub fn new(environment: &Environment, http: Client, settings: Settings) -> Self {
        Self {
            vault: Vault::new(environment.config_folder(), settings.clock),
            http,
            settings,
            state: Mutex::default(),
        }
    }

    /// A refresh token, which is what `docker login` wants as the password of
    /// [`super::TOKEN_USERNAME`]. It has `least_left` before its end, unless the registry gives out
    /// shorter ones. Callers that ask at the same time share one request.
    pub async fn refresh_token(&self, least_left: TimeDelta) -> Result<RegistryToken, Error> {
        let mut state = self.state.lock().await;
        let asker = self.asker().await?;
        let kept = state.refresh.clone();
        let kept = kept.or_else(|| self.stored(&state, &self.key("refresh", &asker, &[])));
        if let Some(kept) = kept
            && kept.lasts(least_left.max(LEAST_LEFT), self.now())
        {
            return Ok(kept);
        }
        let service = match state.service.take() {
            Some(service) => service,
            None => {
                let (server, known) = (&self.settings.server, &self.settings.known);
                challenge::knock(&self.http, server, known).await?
            }
        };
        let service = state.service.insert(service);
        let caller = Caller {
            http: &self.http,
            now: self.now(),
            whom: &asker.shown,
        };
        let refresh = service.exchange(caller, &asker.proof).await?;
        self.store(&self.key("refresh", &asker, &[]), &refresh)
            .await;
        state.refresh = Some(refresh.clone());
        Ok(refresh)
    }

    /// An access token of before that opens these scopes.
    pub async fn kept(&self, scopes: &[Scope]) -> Option<RegistryToken> {
        let state = self.state.lock().await;
        let asker = self.asker().await.ok()?;
        self.stored(&state, &self.key("access", &asker, scopes))
    }

    /// Keeps an access token for later, unless it opens less than was asked for: rights that are
    /// missing now may be granted any moment, and the store would hide them.
    pub async fn keep(&self, scopes: &[Scope], token: RegistryToken) {
        if token.opens(scopes)
            && let Ok(asker) = self.asker().await
        {
            self.store(&self.key("access", &asker, scopes), &token)
                .await;
        }
    }

    /// Believes no stored token any more, because the registry did not take one; whether that lets
    /// hope for better ones.
    pub async fn doubt(&self) -> bool {
        let mut state = self.state.lock().await;
        let was_believed = !state.distrusts_store && state.refresh.is_none();
        state.distrusts_store = true;
        was_believed
    }

    /// The time, by which tokens are judged.
    pub fn now(&self) -> DateTime<Utc> {
        (self.settings.clock)()
    }

    fn stored(&self, state: &State, key: &TokenKey) -> Option<RegistryToken> {
        if state.distrusts_store {
            return None;
        }
        let token = self.vault.token(key, Link::Explicit)?;
        Some(RegistryToken {
            secret: token.secret,
            expires_at: token.expires_at,
        })
    }

    async fn store(&self, key: &TokenKey, token: &RegistryToken) {
        let token = AccessToken {
            secret: token.secret.clone(),
            expires_at: token.expires_at,
            source: Link::Explicit,
        };
        if token.is_fresh(self.now()) {
            self.vault.put_token(key, &token).await;
        }
    }

    fn key(&self, what: &str, asker: &Asker, scopes: &[Scope]) -> TokenKey {
        let wanted = wanted(scopes);
        let mut parts = vec!["registry", what, self.settings.server.origin(), &wanted];
        parts.extend(asker.key.parts());
        TokenKey::of(&parts)
    }

    async fn asker(&self) -> Result<Asker, Error> {
        let Settings {
            server,
            chain,
            audience,
            known,
            ..
        } = &self.settings;
        if !known.contains(server.host()) {
            let host = server.host().to_owned();
            return Err(Error::Foreign { host });
        }
        Ok(Asker::of(chain.token(audience).await?, audience))
    }
}

/// The scopes as one text, the same whatever their order.
fn wanted(scopes: &[Scope]) -> String {
    let mut texts: Vec<String> = scopes.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    texts.join(" ")
}
