//! The chain itself: finds a credential once, and keeps the tokens it brings.

use crate::account::Account;
use crate::authority::Authority;
use crate::cache::Vault;
use crate::claims::Claims;
use crate::cloud::Cloud;
use crate::context::{Clock, Context};
use crate::credential::{self, Client, Credential, DevicePrompt, Proof};
use crate::environment::Environment;
use crate::error::Error;
use crate::link::Link;
use crate::scope::Scope;
use crate::token::AccessToken;
use acr_http::Secret;
use std::collections::HashMap;
use tokio::sync::{Mutex, OnceCell};

/// What a chain is made for.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The cloud whose tokens are wanted.
    pub cloud: Cloud,
    /// A service principal to use instead of looking for a credential.
    pub explicit: Option<ServicePrincipal>,
    /// The subscription a person asked for, by id or name.
    pub subscription: Option<String>,
    /// Tells the time.
    pub clock: Clock,
}

/// An application with its password.
#[derive(Debug, Clone)]
pub struct ServicePrincipal {
    /// Its tenant.
    pub tenant_id: String,
    /// Its id.
    pub client_id: String,
    /// Its password.
    pub secret: Secret,
}

/// Gives tokens, from wherever this machine can get them.
#[derive(Debug)]
pub struct Chain {
    context: Context,
    explicit: Option<ServicePrincipal>,
    vault: Vault,
    credential: OnceCell<Credential>,
    memory: Mutex<HashMap<Scope, AccessToken>>,
}

impl Chain {
    /// A chain that looks for nothing until it is asked.
    pub fn new(environment: Environment, http: acr_http::Client, settings: Settings) -> Self {
        Self {
            vault: Vault::new(environment.config_folder(), settings.clock),
            context: Context {
                environment,
                http,
                cloud: settings.cloud,
                subscription: settings.subscription,
                clock: settings.clock,
            },
            explicit: settings.explicit,
            credential: OnceCell::new(),
            memory: Mutex::new(HashMap::new()),
        }
    }

    /// A token for a scope or a resource, with five minutes left at least unless the service gives out
    /// shorter ones. Callers that ask at the same time share one request.
    pub async fn token(&self, scope_or_resource: &str) -> Result<AccessToken, Error> {
        let scope = Scope::parse(scope_or_resource);
        let mut memory = self.memory.lock().await;
        if let Some(token) = memory.get(&scope)
            && token.is_fresh(self.context.now())
        {
            return Ok(token.clone());
        }
        let token = self.stored_or_new(&scope).await?;
        memory.insert(scope, token.clone());
        Ok(token)
    }

    /// The tenant, the subscription and the identity that tokens belong to.
    pub async fn account(&self) -> Result<Account, Error> {
        let credential = self.credential().await?;
        if let Some(account) = credential.account(&self.context) {
            return Ok(account);
        }
        let scope = self.context.cloud.management_scope();
        let token = self.token(scope.as_str()).await?;
        let tenant = Claims::of(token.secret.expose()).and_then(|claims| claims.tid);
        let tenant =
            tenant.ok_or_else(|| Error::answer(token.source, "its token names no tenant"))?;
        Ok(credential.account_in(&self.context, &tenant))
    }

    /// Logs a person in by a code; later chains find the login. Without a tenant it is their home's.
    pub async fn device_code(
        &self,
        tenant: Option<&str>,
        on_prompt: impl FnOnce(&DevicePrompt),
    ) -> Result<AccessToken, Error> {
        credential::log_in(&self.context, &self.vault, tenant, on_prompt).await
    }

    /// Forgets the login by a code, and all stored tokens; whether there was such a login.
    pub async fn log_out(&self) -> bool {
        self.memory.lock().await.clear();
        self.vault.remove_login(self.context.authority_host()).await
    }

    async fn stored_or_new(&self, scope: &Scope) -> Result<AccessToken, Error> {
        let credential = self.credential().await?;
        let Some(key) = credential.key(scope) else {
            return credential.token(&self.context, &self.vault, scope).await;
        };
        if let Some(token) = self.vault.token(&key, credential.link()) {
            return Ok(token);
        }
        let token = credential.token(&self.context, &self.vault, scope).await?;
        self.vault.put_token(&key, &token).await;
        Ok(token)
    }

    async fn credential(&self) -> Result<&Credential, Error> {
        self.credential
            .get_or_try_init(|| async {
                match &self.explicit {
                    Some(explicit) => Ok(Credential::Client(self.explicit_client(explicit)?)),
                    None => credential::resolve(&self.context, &self.vault).await,
                }
            })
            .await
    }

    fn explicit_client(&self, explicit: &ServicePrincipal) -> Result<Client, Error> {
        let host = &self.context.cloud.active_directory;
        Ok(Client {
            link: Link::Explicit,
            authority: Authority::new(Link::Explicit, host, &explicit.tenant_id)?,
            client_id: explicit.client_id.clone(),
            proof: Proof::Secret(explicit.secret.clone()),
        })
    }
}
