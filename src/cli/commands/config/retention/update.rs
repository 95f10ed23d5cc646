//! `acr config retention update`

use crate::cli::args::{InRegistryArgs, choice};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::{POLICIES_NEED_PREMIUM, policy, require_premium, update_policies};
use crate::cli::reply::Reply;
use crate::cli::shape;

const MOST_DAYS: i64 = 365;

/// Set how long untagged manifests are kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryArgs,
    /// What the policy is about.
    #[arg(id = "type", long, value_name = "TYPE", required = true, ignore_case = true, value_parser = choice(&["UntaggedManifests"]))]
    _kind: &'static str,
    /// Whether the policy is in force.
    #[arg(long, value_name = "STATUS", ignore_case = true, value_parser = choice(&["enabled", "disabled"]))]
    status: Option<&'static str>,
    /// The number of days, 0 to 365.
    #[arg(
        long,
        value_name = "DAYS",
        default_value_t = 7,
        allow_negative_numbers = true
    )]
    days: i64,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    if !(0..=MOST_DAYS).contains(&args.days) {
        return Err(CliError::failed(
            "Invalid value for days: should be from 0 to 365",
        ));
    }
    let (located, registry) = ctx.registry(&args.registry).await?;
    require_premium(&registry, POLICIES_NEED_PREMIUM)?;
    let updated = update_policies(ctx, &located, &registry, |policies| {
        let policy = &mut policies["retentionPolicy"];
        if let Some(status) = args.status {
            policy["status"] = status.into();
        }
        policy["days"] = args.days.into();
    })
    .await?;
    let shown = shape::retention_policy(policy(&updated, "retentionPolicy").clone());
    Ok(Reply::value(shown))
}
