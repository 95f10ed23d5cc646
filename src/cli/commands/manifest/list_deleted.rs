//! `acr manifest list-deleted`

use crate::cli::content::{Form, RepositoryArgs, add_expiry, everything};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use serde_json::Value;

/// List the deleted manifests of a repository that can be restored.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    repository: RepositoryArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let place = args.repository.enter(ctx, Form::Repository).await?;
    let _progress = ctx.console.progress("Running ..");
    let pages = place
        .registry
        .deleted_manifests::<Value>(&place.repository, &everything());
    let mut manifests = pages.all().await?;
    add_expiry(ctx, &place.entrance, &mut manifests)?;
    Ok(Reply::value(manifests))
}
