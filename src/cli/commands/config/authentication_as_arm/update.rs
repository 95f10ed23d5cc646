//! `acr config authentication-as-arm update`

use crate::cli::args::{InRegistryOrNameArgs, choice};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::{policy, update_policies};
use crate::cli::reply::Reply;
use crate::cli::shape;

/// Set whether tokens for Azure Resource Manager open the registry.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryOrNameArgs,
    /// Whether they do.
    #[arg(long, value_name = "STATUS", ignore_case = true, value_parser = choice(&["enabled", "disabled"]))]
    status: Option<&'static str>,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (located, registry) = ctx.registry(&args.registry).await?;
    let updated = update_policies(ctx, &located, &registry, |policies| {
        if let Some(status) = args.status {
            policies["azureADAuthenticationAsArmPolicy"]["status"] = status.into();
        }
    })
    .await?;
    let shown = shape::login_policy(policy(&updated, "azureADAuthenticationAsArmPolicy").clone());
    Ok(Reply::value(shown))
}
