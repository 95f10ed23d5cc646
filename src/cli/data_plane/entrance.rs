//! A registry with everything it takes to speak with it.

use super::address;
use super::args::{CredentialArgs, Login};
use super::proof::{self, LEAST_LEFT, Proof, Tokens};
use crate::cli::args::Given;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use acr_client::registry::{Credential, CredentialSource, Endpoint, Registry};
use std::sync::Arc;

/// A registry, and who we are there.
#[derive(Debug)]
pub(crate) struct Entrance {
    /// Its name.
    pub name: String,
    /// Its login server.
    pub login_server: String,
    /// Who we are.
    pub proof: Proof,
    /// What ARM knows about it.
    pub known: Result<serde_json::Value, CliError>,
}

impl Ctx {
    /// The registry that was given or is the default, with whatever proves who we are. Nothing but
    /// tokens has been asked of it yet.
    pub(crate) async fn data_plane(
        &self,
        login: impl Into<Login<'_>>,
    ) -> Result<Registry, CliError> {
        let entrance = self.entrance(login, Tokens::Kept).await?;
        self.enter(&entrance.login_server, &entrance.proof)
    }

    /// Where the registry answers, and who we are there.
    pub(crate) async fn entrance(
        &self,
        login: impl Into<Login<'_>>,
        tokens: Tokens,
    ) -> Result<Entrance, CliError> {
        let login = login.into();
        login.credential.check()?;
        let address = address::find(self, login).await?;
        let proof = Proof::find(self, &address, login.credential, tokens).await?;
        Ok(Entrance {
            name: address.name,
            login_server: address.login_server,
            proof,
            known: address.known.map(|known| known.registry),
        })
    }

    /// The registry of a login server that was given whole: ARM is asked only if the identity alone
    /// does not open it.
    pub(crate) async fn enter_host(
        &self,
        host: &str,
        credential: &CredentialArgs,
    ) -> Result<Registry, CliError> {
        if let Some((username, password)) = self.password_of(credential).await? {
            return self.enter(host, &Proof::Password { username, password });
        }
        let tokens = proof::azure(&self.settings, self.backend()?, host)?;
        if tokens.refresh_token(LEAST_LEFT).await.is_ok() {
            return self.enter(host, &Proof::Azure(Arc::new(tokens)));
        }
        let given = Given {
            name: Some(host),
            group: None,
            option: "IMAGE",
        };
        self.data_plane(Login { given, credential }).await
    }

    /// A client of a login server.
    pub(crate) fn enter(&self, login_server: &str, proof: &Proof) -> Result<Registry, CliError> {
        let source: Arc<dyn CredentialSource> = match proof {
            Proof::Azure(tokens) => Arc::clone(tokens) as _,
            Proof::Password { username, password } => Arc::new(Credential::Basic {
                username: username.clone(),
                password: password.clone(),
            }),
        };
        let endpoint = Endpoint::secure(login_server)?;
        Ok(Registry::new(
            self.backend()?.http.clone(),
            endpoint,
            source,
        ))
    }
}
