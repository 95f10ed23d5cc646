//! `acr show-usage`

use crate::cli::args::RegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::sku;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::USAGES;
use crate::cli::ui::table::Column;

/// Show the limits of a registry and how much of them is used.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = USAGES;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (located, registry) = ctx.registry(&args.registry).await?;
    if sku(&registry) == "Classic" {
        return Err(CliError::failed(
            "Usage is only supported for managed registries.",
        ));
    }
    let registries = ctx.arm().await?.registries();
    let usages = registries.usages(&located.group, &located.name).await?;
    Ok(Reply::value(shape::usages(usages)).table(TABLE))
}
