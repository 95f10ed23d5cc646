//! `acr manifest show-metadata`

use crate::cli::content::{self, Form, ManifestArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Show the attributes of a manifest, or of a tag.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    manifest: ManifestArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let place = args.manifest.enter(ctx, Form::Manifest).await?;
    let reference = place.reference_or_latest();
    let shown = content::show(&place.registry, &place.repository, Some(&reference)).await?;
    Ok(Reply::value(shown))
}
