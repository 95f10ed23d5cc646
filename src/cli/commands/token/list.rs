//! `acr token list`

use crate::cli::args::InRegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::TOKENS;
use crate::cli::ui::table::Column;
use serde_json::Value;

/// List the tokens of a registry.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryArgs,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = TOKENS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let located = ctx.find(&args.registry).await?;
    let arm = ctx.arm().await?;
    let found = arm
        .registry_children(&located.group, &located.name, "tokens")
        .list()
        .await?;
    let shown: Vec<Value> = found.into_iter().map(shape::token).collect();
    Ok(Reply::value(shown).table(TABLE))
}
