//! `acr list`

use crate::cli::args::GroupArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::REGISTRIES;
use crate::cli::ui::table::Column;
use serde_json::Value;

/// List the registries of the subscription or of one resource group.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    group: GroupArgs,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = REGISTRIES;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let group = ctx.group(&args.group)?;
    let registries = ctx.arm().await?.registries().list(group.as_deref()).await?;
    let shown: Vec<Value> = registries.into_iter().map(shape::registry).collect();
    Ok(Reply::value(shown).table(TABLE))
}
