//! `acr config authentication-as-arm show`

use crate::cli::args::InRegistryOrNameArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::policy;
use crate::cli::reply::Reply;
use crate::cli::shape;

/// Show whether tokens for Azure Resource Manager open the registry.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryOrNameArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (_, registry) = ctx.registry(&args.registry).await?;
    Ok(Reply::value(shape::login_policy(
        policy(&registry, "azureADAuthenticationAsArmPolicy").clone(),
    )))
}
