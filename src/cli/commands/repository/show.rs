//! `acr repository show`

use crate::cli::content::{self, RegistryArgs, RepositoryOrImageArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Show the attributes of a repository, or of an image in one.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    target: RepositoryOrImageArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let target = args.target.read()?;
    let registry = args.registry.enter(ctx).await?;
    let (name, reference) = target.on(registry.host())?;
    let shown = content::show(&registry, &name, reference.as_ref()).await?;
    Ok(Reply::value(shown))
}
