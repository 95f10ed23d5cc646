//! `acr network-rule add`

use crate::cli::args::RegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::network::{self, RuleArgs};
use crate::cli::registry::{NETWORK_RULES_NEED_PREMIUM, require_premium};
use crate::cli::reply::Reply;

/// Let addresses or subnets reach a registry.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    rule: RuleArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (located, registry) = ctx.registry(&args.registry).await?;
    require_premium(&registry, NETWORK_RULES_NEED_PREMIUM)?;
    let mut rules = network::rule_set(&registry);
    let subnet = args.rule.subnet_id(ctx, &located).await?;
    network::add(
        &mut rules,
        subnet.as_deref(),
        args.rule.ip_address.as_deref(),
    );
    let updated = network::update(ctx, &located, rules).await?;
    Ok(Reply::value(network::shown(&updated)))
}
