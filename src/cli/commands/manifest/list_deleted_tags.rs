//! `acr manifest list-deleted-tags`

use crate::cli::content::{Form, RepositoryArgs, add_expiry, everything};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use serde_json::Value;

/// List the deleted tags of a repository that can be restored; with a tag, those of that name.
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("id", |id| id
        .value_name("LOGIN_SERVER/NAME[:TAG]")
        .help("The repository with its login server, such as myregistry.azurecr.io/hello-world, and perhaps a tag")),
    mut_arg("name", |name| name
        .value_name("NAME[:TAG]")
        .help("The name of the repository, and perhaps a tag")),
)]
pub(crate) struct Args {
    #[command(flatten)]
    repository: RepositoryArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let place = args.repository.enter(ctx, Form::Tag).await?;
    let _progress = ctx.console.progress("Running ..");
    let pages = place
        .registry
        .deleted_tags::<Value>(&place.repository, &everything());
    let mut tags = pages.all().await?;
    if let Some(wanted) = &place.reference {
        tags.retain(|tag| tag["tag"] == wanted.to_string());
    }
    add_expiry(ctx, &place.entrance, &mut tags)?;
    Ok(Reply::value(tags))
}
