//! `acr network-rule list`

use crate::cli::args::RegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::network;
use crate::cli::registry::{NETWORK_RULES_NEED_PREMIUM, require_premium};
use crate::cli::reply::Reply;

/// List the rules of a registry.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (_, registry) = ctx.registry(&args.registry).await?;
    require_premium(&registry, NETWORK_RULES_NEED_PREMIUM)?;
    Ok(Reply::value(network::rules(&registry)))
}
