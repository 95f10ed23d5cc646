//! Where a registry answers: as ARM tells, else as its name and the cloud's suffix suggest.

use super::args::Login;
use crate::cli::ctx::{Ctx, Located};
use crate::cli::error::CliError;
use serde_json::Value;

/// Where a registry answers.
#[derive(Debug)]
pub(super) struct Address {
    /// Its name.
    pub(super) name: String,
    /// Its login server.
    pub(super) login_server: String,
    /// What ARM knows about it.
    pub(super) known: Result<Known, CliError>,
}

/// A registry that ARM knows.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) located: Located,
    pub(super) registry: Value,
}

/// Finds the registry. One that ARM does not list, or that nobody is logged in to ask for, may still
/// answer under its usual name.
pub(super) async fn find(ctx: &Ctx, login: Login<'_>) -> Result<Address, CliError> {
    let name = ctx.registry_name(login.given).await?;
    let suffix = login.credential.suffix.as_deref();
    match look_up(ctx, login, &name).await {
        Ok(known) => {
            let told = known.registry["properties"]["loginServer"].as_str();
            let login_server = told.unwrap_or_default().to_owned();
            if let Some(suffix) = suffix {
                ctx.console.warn(&format!(
                    "The service says that the login server is '{login_server}'; the suffix '{suffix}' is not used."
                ));
            }
            Ok(Address {
                name,
                login_server,
                known: Ok(known),
            })
        }
        Err(error) if error.leaves_registry_unknown() => {
            let login_server = match login.given.name.filter(|given| given.contains('.')) {
                Some(given) => given.to_lowercase(),
                None => usual(ctx, &name, suffix).ok_or_else(|| error.clone())?,
            };
            Ok(Address {
                name,
                login_server,
                known: Err(error),
            })
        }
        Err(error) => Err(error),
    }
}

async fn look_up(ctx: &Ctx, login: Login<'_>, name: &str) -> Result<Known, CliError> {
    let located = ctx.locate(name.to_owned(), login.given).await?;
    let registries = ctx.arm().await?.registries();
    let registry = registries.get(&located.group, &located.name).await?;
    Ok(Known { located, registry })
}

fn usual(ctx: &Ctx, name: &str, suffix: Option<&str>) -> Option<String> {
    let end = ctx.backend().ok()?.cloud.registry_suffix.as_deref()?;
    let middle = suffix.map(|suffix| format!("-{suffix}"));
    Some(format!("{name}{}{end}", middle.unwrap_or_default()).to_lowercase())
}
