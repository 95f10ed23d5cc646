//! `acr repository update`

use crate::cli::content::{self, LockArgs, RegistryArgs, RepositoryOrImageArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Lock a repository, or an image in one, against change, or unlock it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    target: RepositoryOrImageArgs,
    #[command(flatten)]
    locks: LockArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let target = args.target.read()?;
    let registry = args.registry.enter(ctx).await?;
    let (name, reference) = target.on(registry.host())?;
    let target = (&name, reference.as_ref());
    let changed = content::change(ctx, &registry, target, &args.locks).await?;
    Ok(Reply::value(changed))
}
