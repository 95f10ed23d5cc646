//! `acr manifest delete`

use crate::cli::args::YesArgs;
use crate::cli::content::{self, Form, ManifestArgs, not_there};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use acr_api::oci::Reference;

/// Delete a manifest with all its tags and all that refers to it.
///
/// `acr repository untag` deletes a tag alone.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    manifest: ManifestArgs,
    #[command(flatten)]
    consent: YesArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let place = args.manifest.enter(ctx, Form::Manifest).await?;
    let (registry, name) = (&place.registry, &place.repository);
    let digest = match place.reference_or_latest() {
        Reference::Digest(digest) => digest,
        Reference::Tag(tag) => content::digest_of(registry, name, &tag).await?,
    };
    let question = format!(
        "Are you sure you want to delete the artifact '{digest}' and all manifests that refer to it?"
    );
    ctx.console.confirm(&question, args.consent.yes).await?;
    let _progress = ctx.console.progress("Running ..");
    match registry.delete_manifest(name, &digest.into()).await? {
        true => Ok(Reply::None),
        false => Err(not_there(registry, &format!("manifest '{name}@{digest}'"))),
    }
}
