//! `acr manifest restore`

use crate::cli::args::YesArgs;
use crate::cli::content::{Form, ManifestArgs, Place, everything};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use acr_api::acr::RestoreRequest;
use acr_api::oci::{Digest, Reference, Tag};
use serde::Deserialize;

/// Bring a deleted manifest back under a tag.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    manifest: ManifestArgs,
    /// The digest of the manifest. Without it, the one that had the tag last is meant.
    #[arg(short, long, value_name = "DIGEST")]
    digest: Option<Digest>,
    /// Overwrite the tag if there is one.
    #[arg(short, long)]
    force: bool,
    #[command(flatten)]
    consent: YesArgs,
}

#[derive(Debug, Deserialize)]
struct Deleted {
    tag: String,
    digest: Digest,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let place = args.manifest.enter(ctx, Form::Tag).await?;
    let tag = match &place.reference {
        Some(Reference::Tag(tag)) => Some(tag.clone()),
        _ if args.manifest.is_one_word() => Some(Tag::latest()),
        _ => None,
    };
    let digest = match args.digest {
        Some(digest) => digest,
        None => last_of_tag(ctx, &place, tag.as_ref(), args.consent.yes).await?,
    };
    let request = RestoreRequest {
        tag: tag.map(|tag| tag.to_string()),
    };
    let _progress = ctx.console.progress("Running ..");
    let restored = place
        .registry
        .restore_manifest(&place.repository, &digest, &request, args.force)
        .await?;
    Ok(Reply::value(restored))
}

/// The manifest that had the tag last.
async fn last_of_tag(
    ctx: &Ctx,
    place: &Place,
    tag: Option<&Tag>,
    yes: bool,
) -> Result<Digest, CliError> {
    let Some(tag) = tag else {
        return Err(CliError::failed("Neither a tag nor --digest/-d says what to restore.")
            .hint("`acr manifest list-deleted` and `acr manifest list-deleted-tags` show what can be."));
    };
    let deleted: Vec<Deleted> = place
        .registry
        .deleted_tags(&place.repository, &everything())
        .all()
        .await?;
    let named: Vec<&Deleted> = deleted
        .iter()
        .filter(|deleted| deleted.tag == tag.as_str())
        .collect();
    let Some(last) = named.last() else {
        return Err(CliError::failed(format!(
            "No deleted manifests found for tag: {tag}"
        )));
    };
    if named.len() > 1 {
        let question = format!(
            "The tag '{tag}' named {} deleted manifests. The one deleted last is '{}'. Restore that one?",
            named.len(),
            last.digest
        );
        ctx.console.confirm(&question, yes).await?;
    }
    Ok(last.digest)
}
