//! `acr manifest list-metadata`

use crate::cli::content::{Form, OrderArgs, RepositoryArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use serde_json::Value;

/// List the attributes of the manifests of a repository.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    repository: RepositoryArgs,
    #[command(flatten)]
    order: OrderArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let place = args.repository.enter(ctx, Form::Repository).await?;
    let _progress = ctx.console.progress("Running ..");
    let pages = place
        .registry
        .manifest_attributes::<Value>(&place.repository, &args.order.query());
    Ok(Reply::value(args.order.read(pages).await?))
}
