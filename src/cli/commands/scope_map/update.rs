//! `acr scope-map update`

use crate::cli::actions::{self, ChangeArgs};
use crate::cli::args::InRegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::SCOPE_MAPS;
use crate::cli::ui::table::Column;
use serde_json::json;

/// Change what a scope map allows.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryArgs,
    /// The name of the scope map.
    #[arg(short, long, value_name = "NAME")]
    name: String,
    #[command(flatten)]
    actions: ChangeArgs,
    /// What the scope map is for.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = SCOPE_MAPS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let description = args.description.filter(|text| !text.is_empty());
    if args.actions.is_empty() && description.is_none() {
        return Err(CliError::failed("No scope map properties to update."));
    }
    let located = ctx.find(&args.registry).await?;
    let arm = ctx.arm().await?;
    let children = arm.registry_children(&located.group, &located.name, "scopeMaps");
    let now = children.get(&args.name).await?;
    let now = now["properties"]["actions"].as_array();
    let now: Vec<String> = now
        .into_iter()
        .flatten()
        .filter_map(|action| action.as_str().map(str::to_owned))
        .collect();
    let added = actions::parse(&args.actions.added, &args.actions.added_gateways)?;
    let removed = actions::parse(&args.actions.removed, &args.actions.removed_gateways)?;
    let mut body = json!({ "properties": { "actions": actions::change(&now, &added, &removed)? } });
    if let Some(description) = description {
        body["properties"]["description"] = description.into();
    }
    let _progress = ctx.console.progress("Running ..");
    let updated = children.patch(&args.name, &body).await?;
    Ok(Reply::value(shape::scope_map(updated)).table(TABLE))
}
