//! `acr config content-trust update`

use crate::cli::args::{InRegistryOrNameArgs, YesArgs, choice};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::{POLICIES_NEED_PREMIUM, policy, require_premium, update_policies};
use crate::cli::reply::Reply;
use crate::cli::shape;

const QUESTION: &str = "Content trust cannot be turned on again once it is off, and all signatures are deleted for good; \
     the images stay. Are you sure you want to disable content trust?";

/// Turn content trust off. It cannot be turned on again.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryOrNameArgs,
    /// The only status it can still be given.
    #[arg(long, value_name = "STATUS", ignore_case = true, value_parser = choice(&["disabled"]))]
    status: Option<&'static str>,
    #[command(flatten)]
    consent: YesArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (located, registry) = ctx.registry(&args.registry).await?;
    require_premium(&registry, POLICIES_NEED_PREMIUM)?;
    ctx.console.confirm(QUESTION, args.consent.yes).await?;
    let updated = update_policies(ctx, &located, &registry, |policies| {
        if let Some(status) = args.status {
            policies["trustPolicy"]["status"] = status.into();
        }
    })
    .await?;
    Ok(Reply::value(shape::trust_policy(
        policy(&updated, "trustPolicy").clone(),
    )))
}
