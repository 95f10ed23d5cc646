//! `acr config content-trust show`

use crate::cli::args::InRegistryOrNameArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::{POLICIES_NEED_PREMIUM, policy, require_premium};
use crate::cli::reply::Reply;
use crate::cli::shape;

/// Show whether content trust is on.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryOrNameArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (_, registry) = ctx.registry(&args.registry).await?;
    require_premium(&registry, POLICIES_NEED_PREMIUM)?;
    Ok(Reply::value(shape::trust_policy(
        policy(&registry, "trustPolicy").clone(),
    )))
}
