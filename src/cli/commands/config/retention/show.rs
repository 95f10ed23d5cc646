//! `acr config retention show`

use crate::cli::args::InRegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::{POLICIES_NEED_PREMIUM, policy, require_premium};
use crate::cli::reply::Reply;
use crate::cli::shape;

/// Show how long untagged manifests are kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (_, registry) = ctx.registry(&args.registry).await?;
    require_premium(&registry, POLICIES_NEED_PREMIUM)?;
    Ok(Reply::value(shape::retention_policy(
        policy(&registry, "retentionPolicy").clone(),
    )))
}
