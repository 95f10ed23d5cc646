//! `acr manifest update-metadata`

use crate::cli::content::{self, Form, LockArgs, ManifestArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Lock a manifest or a tag against change, or unlock it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    manifest: ManifestArgs,
    #[command(flatten)]
    locks: LockArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let place = args.manifest.enter(ctx, Form::Manifest).await?;
    let reference = place.reference_or_latest();
    let target = (&place.repository, Some(&reference));
    let changed = content::change(ctx, &place.registry, target, &args.locks).await?;
    Ok(Reply::value(changed))
}
