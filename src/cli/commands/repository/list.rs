//! `acr repository list`

use crate::cli::content::{RegistryArgs, TopArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// List the repositories of a registry.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    top: TopArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let registry = args.registry.enter(ctx).await?;
    let _progress = ctx.console.progress("Running ..");
    let names = args.top.read(registry.catalog(args.top.query().n)).await?;
    Ok(Reply::value(names))
}
