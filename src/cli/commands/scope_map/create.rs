//! `acr scope-map create`

use crate::cli::actions::{self, GrantArgs};
use crate::cli::args::InRegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::SCOPE_MAPS;
use crate::cli::ui::table::Column;
use serde_json::json;

/// Create a scope map.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryArgs,
    /// The name of the scope map.
    #[arg(short, long, value_name = "NAME")]
    name: String,
    #[command(flatten)]
    actions: GrantArgs,
    /// What the scope map is for.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = SCOPE_MAPS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let located = ctx.find(&args.registry).await?;
    let actions = actions::parse(&args.actions.repositories, &args.actions.gateways)?;
    let mut body = json!({ "properties": { "actions": actions } });
    if let Some(description) = args.description {
        body["properties"]["description"] = description.into();
    }
    let _progress = ctx.console.progress("Running ..");
    let arm = ctx.arm().await?;
    let children = arm.registry_children(&located.group, &located.name, "scopeMaps");
    let created = children.put(&args.name, &body).await?;
    Ok(Reply::value(shape::scope_map(created)).table(TABLE))
}
