//! `acr scope-map delete`

use crate::cli::args::{InRegistryArgs, YesArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Delete a scope map.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryArgs,
    /// The name of the scope map.
    #[arg(short, long, value_name = "NAME")]
    name: String,
    #[command(flatten)]
    consent: YesArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let question = format!(
        "Deleting the scope map '{}' will remove its permissions with associated tokens. Proceed?",
        args.name
    );
    if !ctx.console.agrees(&question, args.consent.yes).await? {
        return Ok(Reply::None);
    }
    let located = ctx.find(&args.registry).await?;
    let _progress = ctx.console.progress("Running ..");
    let arm = ctx.arm().await?;
    let children = arm.registry_children(&located.group, &located.name, "scopeMaps");
    children.delete(&args.name).await?;
    Ok(Reply::None)
}
