//! `acr repository list-deleted`

use crate::cli::content::{RegistryArgs, everything};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use serde_json::Value;

/// List the repositories in which something was deleted that can be restored.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let registry = args.registry.enter(ctx).await?;
    let _progress = ctx.console.progress("Running ..");
    let pages = registry.deleted_repositories::<Value>(&everything());
    Ok(Reply::value(pages.all().await?))
}
