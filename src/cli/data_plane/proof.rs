//! Who we are to a registry: the first of az's ways that works.

use super::address::{Address, Known};
use super::args::CredentialArgs;
use crate::cli::config::Settings;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::target::Backend;
use acr_auth::exchange::{self, Error, KnownHosts, LoginServer, Registry};
use acr_http::Secret;
use chrono::TimeDelta;
use std::sync::Arc;

/// Enough for a command; a longer one asks anew on its way.
pub(crate) const LEAST_LEFT: TimeDelta = TimeDelta::minutes(5);

/// Which of the registry's tokens do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tokens {
    /// One of before, too.
    Kept,
    /// Only one that the registry gives out now: it may have closed itself to us since it gave the last one.
    New,
}

/// Who we are.
#[derive(Debug, Clone)]
pub(crate) enum Proof {
    /// An Azure identity, which the registry gives tokens to.
    Azure(Arc<Registry>),
    /// A name and a password.
    Password {
        /// The name.
        username: String,
        /// The password.
        password: Secret,
    },
}

impl Proof {
    /// Who we are to the registry at this address.
    pub(super) async fn find(
        ctx: &Ctx,
        address: &Address,
        given: &CredentialArgs,
        wanted: Tokens,
    ) -> Result<Self, CliError> {
        match ctx.password_of(given).await? {
            Some((username, password)) => Ok(Self::Password { username, password }),
            None => Self::unnamed(ctx, address, wanted).await,
        }
    }

    async fn unnamed(ctx: &Ctx, address: &Address, wanted: Tokens) -> Result<Self, CliError> {
        let tokens = azure(&ctx.settings, ctx.backend()?, &address.login_server)?;
        let tokens = Arc::new(tokens);
        if wanted == Tokens::New {
            tokens.doubt().await;
        }
        match tokens.refresh_token(LEAST_LEFT).await {
            Ok(_) => return Ok(Self::Azure(tokens)),
            // Another way in would only add to the requests.
            Err(error @ Error::TooManyRequests { .. }) => return Err(error.into()),
            Err(
                error @ (Error::Dns { .. }
                | Error::Unreachable { .. }
                | Error::NoChallenge { .. }
                | Error::Firewall { .. }),
            ) => return Err(closed(address, error)),
            Err(error) => ctx.console.warn(&format!(
                "Unable to get AAD authorization tokens with message: {error}"
            )),
        }
        match admin(ctx, address).await {
            Ok(proof) => Ok(proof),
            Err(why) => {
                ctx.console.warn(&format!(
                    "Unable to get admin user credentials with message: {}",
                    why.message()
                ));
                ask(ctx).await
            }
        }
    }
}

/// A registry that nobody can enter. One that ARM does not know either is most likely misspelled.
fn closed(address: &Address, error: Error) -> CliError {
    match &address.known {
        Err(unknown) => unknown.clone().hint(format!(
            "Nor does it answer at its usual login server: {error}."
        )),
        Ok(_) => error.into(),
    }
}

/// The registry's own tokens for whoever a context speaks for. Whoever calls vouches for the server.
pub(crate) fn azure(
    settings: &Settings,
    backend: &Backend,
    login_server: &str,
) -> Result<Registry, CliError> {
    let server = LoginServer::parse(login_server)?;
    let vouched = server.host().to_owned();
    let registry = exchange::Settings {
        chain: Arc::clone(&backend.chain),
        audience: settings.az.registry_audience()?,
        known: KnownHosts::of_clouds([&backend.cloud]).and(move |host| host == vouched),
        clock: settings.clock(),
        server,
    };
    let http = backend.http.clone();
    Ok(Registry::new(&settings.environment, http, registry))
}

/// The admin user, if the registry has one.
async fn admin(ctx: &Ctx, address: &Address) -> Result<Proof, CliError> {
    let Known { located, registry } = address.known.as_ref().map_err(Clone::clone)?;
    if registry["properties"]["adminUserEnabled"] != true {
        return Err(CliError::failed("Admin user is disabled."));
    }
    let registries = ctx.arm().await?.registries();
    let credentials = registries
        .credentials(&located.group, &located.name)
        .await?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    Ok(Proof::Password {
        username: text(&credentials["username"]),
        password: Secret::new(text(&credentials["passwords"][0]["value"])),
    })
}

async fn ask(ctx: &Ctx) -> Result<Proof, CliError> {
    if !ctx.console.can_ask() {
        return Err(CliError::failed(
            "Unable to authenticate using AAD or admin login credentials. Please specify both username and password in non-interactive mode.",
        ));
    }
    Ok(Proof::Password {
        username: ctx.console.line("Username: ").await?,
        password: ctx.console.secret("Password").await?,
    })
}

impl Ctx {
    /// The name and the password that were given; a password that is missing is asked for.
    pub(crate) async fn password_of(
        &self,
        given: &CredentialArgs,
    ) -> Result<Option<(String, Secret)>, CliError> {
        given.check()?;
        match (given.username(), given.password()) {
            (None, _) => Ok(None),
            (Some(name), Some(password)) => Ok(Some((name.to_owned(), Secret::new(password)))),
            (Some(name), None) => Ok(Some((name.to_owned(), ask_password(self).await?))),
        }
    }
}

async fn ask_password(ctx: &Ctx) -> Result<Secret, CliError> {
    if !ctx.console.can_ask() {
        return Err(CliError::failed(
            "Please specify both username and password in non-interactive mode.",
        ));
    }
    ctx.console.secret("Password").await
}
