//! `acr config soft-delete show`

use crate::cli::args::OnlyRegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::policy;
use crate::cli::reply::Reply;
use crate::cli::shape;

/// Show how long deleted artifacts can be restored.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: OnlyRegistryArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (_, registry) = ctx.registry(&args.registry).await?;
    Ok(Reply::value(shape::soft_delete_policy(
        policy(&registry, "softDeletePolicy").clone(),
    )))
}
