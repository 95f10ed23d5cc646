//! `acr identity remove`

use crate::cli::args::RegistryArgs;
use crate::cli::ctx::{Ctx, Located};
use crate::cli::error::CliError;
use crate::cli::registry::{SYSTEM_IDENTITY, identity_id, writable};
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::REGISTRIES;
use crate::cli::ui::table::Column;
use serde_json::Value;

/// Take identities away from a registry.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    /// Space-separated identities, by id or by name in the same group; `[system]` is the one that
    /// comes and goes with the registry.
    #[arg(long, required = true, value_name = "IDENTITY", num_args = 1..)]
    identities: Vec<String>,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = REGISTRIES;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (located, registry) = ctx.registry(&args.registry).await?;
    let arm = ctx.arm().await?;
    let mut body = writable(&registry);
    let now = body["identity"]["type"].as_str().unwrap_or("None");
    if now.eq_ignore_ascii_case("None") {
        return Err(CliError::failed(format!(
            "The registry {} has no system or user assigned identities.",
            located.name
        )));
    }
    let (system, users): (Vec<_>, Vec<_>) = args
        .identities
        .iter()
        .partition(|given| *given == SYSTEM_IDENTITY);
    if !system.is_empty() {
        remove_system(&mut body["identity"])?;
    }
    if !users.is_empty() {
        remove_users(&mut body["identity"], &users, arm.subscription(), &located)?;
    }
    let _progress = ctx.console.progress("Running ..");
    let updated = arm
        .registries()
        .put(&located.group, &located.name, &body)
        .await?;
    Ok(Reply::value(shape::registry(updated)).table(TABLE))
}

fn remove_system(identity: &mut Value) -> Result<(), CliError> {
    let now = identity["type"].as_str().unwrap_or_default();
    if now.eq_ignore_ascii_case("UserAssigned") {
        return Err(CliError::failed(
            "The registry does not have a system identity assigned.",
        ));
    }
    let is_only = now.eq_ignore_ascii_case("SystemAssigned");
    identity["type"] = if is_only { "None" } else { "UserAssigned" }.into();
    Ok(())
}

fn remove_users(
    identity: &mut Value,
    users: &[&String],
    subscription: &str,
    located: &Located,
) -> Result<(), CliError> {
    for user in users {
        let wanted = identity_id(subscription, &located.group, user);
        let assigned = identity["userAssignedIdentities"].as_object_mut();
        let removed = assigned.and_then(|assigned| {
            let id = assigned
                .keys()
                .find(|id| id.eq_ignore_ascii_case(&wanted))?
                .clone();
            assigned.remove(&id)
        });
        if removed.is_none() {
            return Err(CliError::failed(format!(
                "The registry does not have specified user identity '{user}' assigned, so it cannot be removed."
            )));
        }
    }
    let is_empty = identity["userAssignedIdentities"]
        .as_object()
        .is_none_or(serde_json::Map::is_empty);
    if is_empty {
        if let Some(identity) = identity.as_object_mut() {
            identity.remove("userAssignedIdentities");
        }
        let now = identity["type"].as_str().unwrap_or_default();
        let is_last = now.eq_ignore_ascii_case("UserAssigned") || now == "None";
        identity["type"] = if is_last { "None" } else { "SystemAssigned" }.into();
    }
    Ok(())
}
