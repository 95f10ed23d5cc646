//! `acr repository show-tags`

use crate::cli::content::{self, OrderArgs, RegistryArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use serde_json::Value;

/// List the tags of a repository.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    /// The name of the repository.
    #[arg(long, value_name = "REPOSITORY")]
    repository: String,
    #[command(flatten)]
    order: OrderArgs,
    /// Show the attributes of the tags, not only their names.
    #[arg(long)]
    detail: bool,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let name = content::repository(&args.repository)?;
    let registry = args.registry.enter(ctx).await?;
    let _progress = ctx.console.progress("Running ..");
    let pages = registry.tag_attributes::<Value>(&name, &args.order.query());
    let tags = args.order.read(pages).await?;
    if args.detail {
        return Ok(Reply::value(tags));
    }
    let names = tags.into_iter().map(|mut tag| tag["name"].take());
    Ok(Reply::value(names.collect::<Vec<Value>>()))
}
