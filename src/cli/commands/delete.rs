//! `acr delete`

use crate::cli::args::{RegistryArgs, YesArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Delete a registry and all that is in it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    consent: YesArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let name = ctx.registry_name(&args.registry).await?;
    ctx.console
        .confirm(
            &format!("Are you sure you want to delete the registry '{name}'?"),
            args.consent.yes,
        )
        .await?;
    let located = ctx.locate(name, &args.registry).await?;
    let _progress = ctx.console.progress("Running ..");
    let registries = ctx.arm().await?.registries();
    registries.delete(&located.group, &located.name).await?;
    ctx.forget_registry(&located.name)?;
    Ok(Reply::None)
}
