//! `acr config soft-delete update`

use crate::cli::args::{OnlyRegistryArgs, YesArgs, choice};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::{policy, update_policies};
use crate::cli::reply::Reply;
use crate::cli::shape;

const QUESTION: &str = "What is deleted already is purged by the number of days in force at the time: with fewer days it goes sooner, \
     some of it perhaps at once. Do you wish to proceed?";

/// Set how long deleted artifacts can be restored.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: OnlyRegistryArgs,
    /// Whether the policy is in force.
    #[arg(long, value_name = "STATUS", ignore_case = true, value_parser = choice(&["enabled", "disabled"]))]
    status: Option<&'static str>,
    /// The number of days, 1 to 90.
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
    days: Option<i64>,
    #[command(flatten)]
    consent: YesArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (located, registry) = ctx.registry(&args.registry).await?;
    let now = policy(&registry, "softDeletePolicy");
    if now["status"] == "enabled" && args.status == Some("disabled") {
        ctx.console.warn(
            "What is deleted already is still purged by the retention days in force at the time.",
        );
    }
    if let (Some(days), Some(before)) = (args.days, now["retentionDays"].as_i64())
        && before > days
    {
        ctx.console.confirm(QUESTION, args.consent.yes).await?;
    }
    let updated = update_policies(ctx, &located, &registry, |policies| {
        let policy = &mut policies["softDeletePolicy"];
        if let Some(status) = args.status {
            policy["status"] = status.into();
        }
        if let Some(days) = args.days {
            policy["retentionDays"] = days.into();
        }
    })
    .await?;
    let shown = shape::soft_delete_policy(policy(&updated, "softDeletePolicy").clone());
    Ok(Reply::value(shown))
}
