//! A registry that tokens are wanted of, with those it has already given.

use super::asker::Asker;
use super::challenge::{self, Door};
use super::error::Error;
use super::known_hosts::KnownHosts;
use super::login_server::LoginServer;
use super::service::{Caller, Proof, TokenService};
use super::token::{Authorization, RegistryToken, TOKEN_USERNAME};
use crate::cache::{TokenKey, Vault};
use crate::chain::Chain;
use crate::context::Clock;
use crate::environment::Environment;
use crate::link::Link;
use crate::token::AccessToken;
use acr_api::auth::Scope;
use acr_http::{Client, Secret};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Who wants the tokens.
#[derive(Debug)]
pub enum Identity {
    /// Whoever the chain speaks for.
    Azure {
        /// Gives the Azure token.
        chain: Arc<Chain>,
        /// What that token is made out to: [`crate::az::Config::registry_audience`].
        audience: String,
    },
    /// A name and a password: of the admin user, a token, a service principal. Under
    /// [`TOKEN_USERNAME`] the password is a refresh token of the registry.
    Password {
        /// The name.
        username: String,
        /// The password.
        password: Secret,
    },
    /// Nobody: for registries that let everybody pull.
    Anonymous,
}

/// What a registry is opened with.
#[derive(Debug)]
pub struct Settings {
    /// Where it answers.
    pub server: LoginServer,
    /// Who wants its tokens.
    pub identity: Identity,
    /// Which hosts may see Azure tokens.
    pub known: KnownHosts,
    /// Tells the time.
    pub clock: Clock,
}

/// Gives the tokens of one registry to one identity.
#[derive(Debug)]
pub struct Registry {
    http: Client,
    settings: Settings,
    vault: Vault,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    door: Option<Door>,
    refresh: Option<RegistryToken>,
    access: HashMap<String, RegistryToken>,
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

    /// Where it answers.
    pub fn login_server(&self) -> &LoginServer {
        &self.settings.server
    }

    /// A refresh token, which is what `docker login` wants as the password of [`TOKEN_USERNAME`]. It
    /// has `least_left` before its end, unless the registry gives out shorter ones.
    pub async fn refresh_token(&self, least_left: TimeDelta) -> Result<RegistryToken, Error> {
        let mut state = self.state.lock().await;
        let asker = self.asker().await?;
        if asker.proof.is_none() {
            return Err(self.not_azure());
        }
        if let Some(stored) = self.stored_refresh(&state, &asker)
            && stored.lasts(least_left, self.now())
        {
            return Ok(stored);
        }
        let service = self.service(&mut state).await?;
        self.exchange(&mut state, &service, &asker).await
    }

    /// What opens these scopes. Callers that ask at the same time share one request.
    ///
    /// The registry leaves out what the identity may not do, so that a token can open less than was
    /// asked for; the request it is then sent with will be refused.
    pub async fn authorization(&self, scopes: &[Scope]) -> Result<Authorization, Error> {
        let mut state = self.state.lock().await;
        let wanted = wanted(scopes);
        if let Some(token) = state.access.get(&wanted)
            && token.is_usable(self.now())
        {
            return Ok(Authorization::Bearer(token.clone()));
        }
        let asker = self.asker().await?;
        let key = self.key("access", &asker, &wanted);
        if let Some(token) = self.stored(&state, &key) {
            state.access.insert(wanted, token.clone());
            return Ok(Authorization::Bearer(token));
        }
        if let Identity::Password { username, password } = &self.settings.identity
            && matches!(self.door(&mut state).await?, Door::Password)
        {
            return Ok(Authorization::Basic {
                username: username.clone(),
                password: password.clone(),
            });
        }
        let service = self.service(&mut state).await?;
        let token = self.grant(&mut state, &service, &asker, scopes).await?;
        // Rights that are missing now may be granted any moment; the store would hide them.
        if token.opens(scopes) {
            self.store(&key, &token).await;
        }
        state.access.insert(wanted, token.clone());
        Ok(Authorization::Bearer(token))
    }

    /// Believes no token that was given so far, those in the store included: the registry took one of
    /// them no longer.
    pub async fn forget(&self) {
        *self.state.lock().await = State {
            distrusts_store: true,
            ..State::default()
        };
    }

    async fn grant(
        &self,
        state: &mut State,
        service: &TokenService,
        asker: &Asker,
        scopes: &[Scope],
    ) -> Result<RegistryToken, Error> {
        let caller = self.caller(asker);
        let proof = match &self.settings.identity {
            Identity::Password { username, password } if username == TOKEN_USERNAME => {
                Proof::RefreshToken(password)
            }
            Identity::Password { username, password } => Proof::Password(username, password),
            Identity::Anonymous => Proof::Nothing,
            Identity::Azure { .. } => {
                if let Some(stored) = self.stored_refresh(state, asker) {
                    let proof = Proof::RefreshToken(&stored.secret);
                    match service.access_token(caller, proof, scopes).await {
                        Ok(token) if token.opens(scopes) => return Ok(token),
                        Ok(_) => {}
                        Err(error) if is_refused(&error) => {}
                        Err(error) => return Err(error),
                    }
                }
                let refresh = self.exchange(state, service, asker).await?;
                let proof = Proof::RefreshToken(&refresh.secret);
                return service.access_token(caller, proof, scopes).await;
            }
        };
        service.access_token(caller, proof, scopes).await
    }

    async fn exchange(
        &self,
        state: &mut State,
        service: &TokenService,
        asker: &Asker,
    ) -> Result<RegistryToken, Error> {
        let proof = asker.proof.as_ref().ok_or_else(|| self.not_azure())?;
        let refresh = service.exchange(self.caller(asker), proof).await?;
        self.store(&self.key("refresh", asker, ""), &refresh).await;
        state.refresh = Some(refresh.clone());
        Ok(refresh)
    }

    /// A refresh token of before.
    fn stored_refresh(&self, state: &State, asker: &Asker) -> Option<RegistryToken> {
        let kept = state.refresh.clone();
        kept.filter(|token| token.is_usable(self.now()))
            .or_else(|| self.stored(state, &self.key("refresh", asker, "")))
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

    fn key(&self, what: &str, asker: &Asker, wanted: &str) -> TokenKey {
        let mut parts = vec!["registry", what, self.settings.server.origin(), wanted];
        parts.extend(asker.key.parts());
        TokenKey::of(&parts)
    }

    async fn door(&self, state: &mut State) -> Result<Door, Error> {
        if let Some(door) = &state.door {
            return Ok(door.clone());
        }
        let (server, known) = (&self.settings.server, &self.settings.known);
        let door = challenge::knock(&self.http, server, known).await?;
        state.door = Some(door.clone());
        Ok(door)
    }

    async fn service(&self, state: &mut State) -> Result<TokenService, Error> {
        match self.door(state).await? {
            Door::Token(service) => Ok(service),
            Door::Password => Err(Error::PasswordOnly {
                host: self.settings.server.host().to_owned(),
            }),
        }
    }

    async fn asker(&self) -> Result<Asker, Error> {
        match &self.settings.identity {
            Identity::Azure { chain, audience } => {
                let host = self.settings.server.host();
                if !self.settings.known.contains(host) {
                    let host = host.to_owned();
                    return Err(Error::Foreign { host });
                }
                Ok(Asker::azure(chain.token(audience).await?, audience))
            }
            Identity::Password { username, password } => Ok(Asker::user(username, password)),
            Identity::Anonymous => Ok(Asker::nobody()),
        }
    }

    fn caller<'a>(&'a self, asker: &'a Asker) -> Caller<'a> {
        Caller {
            http: &self.http,
            now: self.now(),
            whom: &asker.shown,
        }
    }

    fn not_azure(&self) -> Error {
        Error::NotAzure {
            host: self.settings.server.host().to_owned(),
        }
    }

    fn now(&self) -> DateTime<Utc> {
        (self.settings.clock)()
    }
}

/// The scopes as one text, the same whatever their order.
fn wanted(scopes: &[Scope]) -> String {
    let mut texts: Vec<String> = scopes.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    texts.join(" ")
}

fn is_refused(error: &Error) -> bool {
    matches!(error, Error::Refused { refusal, .. } if refusal.status == 401)
}
