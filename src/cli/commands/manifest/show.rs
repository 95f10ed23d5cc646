//! `acr manifest show`

use crate::cli::content::{Form, ManifestArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use serde_json::Value;

/// Show a manifest.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    manifest: ManifestArgs,
    /// Write the manifest byte for byte, so that its digest can be checked.
    #[arg(long)]
    raw: bool,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let place = args.manifest.enter(ctx, Form::Manifest).await?;
    let reference = place.reference_or_latest();
    let found = place
        .registry
        .get_manifest(&place.repository, &reference)
        .await;
    let bytes = found.map_err(CliError::of_show)?.bytes;
    let wrong =
        |why: String| CliError::failed(format!("The manifest '{reference}' is no JSON: {why}"));
    if args.raw {
        let text = String::from_utf8(bytes.into()).map_err(|error| wrong(error.to_string()))?;
        return Ok(Reply::Text(text));
    }
    let shown: Value = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    Ok(Reply::value(shown))
}
