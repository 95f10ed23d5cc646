//! `acr identity assign`

use crate::cli::args::RegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::{SYSTEM_IDENTITY, identity_id, writable};
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::REGISTRIES;
use crate::cli::ui::table::Column;
use serde_json::{Value, json};

/// Give a registry identities to act with.
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
    let (system, users): (Vec<_>, Vec<_>) = args
        .identities
        .iter()
        .partition(|given| *given == SYSTEM_IDENTITY);
    let mut body = writable(&registry);
    if !body["identity"].is_object() {
        body["identity"] = json!({ "type": "None" });
    }
    let identity = &mut body["identity"];
    if !system.is_empty() {
        add_kind(identity, "SystemAssigned");
    }
    if !users.is_empty() {
        add_kind(identity, "UserAssigned");
    }
    for user in users {
        let id = identity_id(arm.subscription(), &located.group, user);
        identity["userAssignedIdentities"][id] = json!({});
    }
    let _progress = ctx.console.progress("Running ..");
    let updated = arm
        .registries()
        .patch(&located.group, &located.name, &body)
        .await?;
    Ok(Reply::value(shape::registry(updated)).table(TABLE))
}

/// Adds a kind of identity to those that the registry has.
fn add_kind(identity: &mut Value, kind: &str) {
    let now = identity["type"].as_str().unwrap_or("None");
    identity["type"] = match now {
        "None" => kind.into(),
        same if same == kind => return,
        _ => "SystemAssigned, UserAssigned".into(),
    };
}
