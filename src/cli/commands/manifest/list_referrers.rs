//! `acr manifest list-referrers`

use crate::cli::content::{self, Form, ManifestArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::ui::table::Column;
use acr_api::oci::Reference;
use serde_json::{Value, json};
use std::collections::HashSet;

/// List what refers to a manifest: signatures, bills of materials and other artifacts.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    manifest: ManifestArgs,
    /// Show only artifacts of this type.
    #[arg(long, value_name = "TYPE")]
    artifact_type: Option<String>,
    /// Show what refers to those artifacts too, and so on.
    #[arg(long)]
    recursive: bool,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = &[
    Column::rows(|answer| answer["manifests"].as_array().cloned().unwrap_or_default()),
    Column::path("Digest", "digest"),
    Column::path("ArtifactType", "artifactType"),
    Column::path("MediaType", "mediaType"),
    Column::path("Size", "size"),
];

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let place = args.manifest.enter(ctx, Form::Manifest).await?;
    let (registry, name) = (&place.registry, &place.repository);
    let _progress = ctx.console.progress("Running ..");
    let subject = match place.reference_or_latest() {
        Reference::Digest(digest) => digest,
        Reference::Tag(tag) => content::digest_of(registry, name, &tag).await?,
    };
    let wanted = args.artifact_type.as_deref();
    let mut found = registry.referrer_entries(name, &subject, wanted).await?;
    if args.recursive {
        let mut seen = HashSet::from([subject]);
        let mut position = 0;
        while let Some(entry) = found.get(position) {
            position += 1;
            let digest = entry["digest"].as_str().and_then(|text| text.parse().ok());
            // A registry that sends us in a circle ends here.
            if let Some(digest) = digest.filter(|digest| seen.insert(*digest)) {
                found.extend(registry.referrer_entries(name, &digest, None).await?);
            }
        }
    }
    Ok(Reply::value(json!({ "manifests": Value::from(found) })).table(TABLE))
}
