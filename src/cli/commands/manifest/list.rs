//! `acr manifest list`

use crate::cli::content::{Form, OrderArgs, RepositoryArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::ui::table::Column;
use acr_api::oci::{Digest, RepositoryName};
use acr_client::registry::Registry;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::Value;

/// Manifests that are read side by side.
const AT_ONCE: usize = 8;

/// List the manifests of a repository as they are.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    repository: RepositoryArgs,
    #[command(flatten)]
    order: OrderArgs,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = &[
    Column::path("MediaType", "mediaType"),
    Column::path("ArtifactType", "artifactType"),
    Column::path("SubjectDigest", "subject.digest"),
];

#[derive(Debug, Deserialize)]
struct Listed {
    digest: Digest,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let place = args.repository.enter(ctx, Form::Repository).await?;
    let _progress = ctx.console.progress("Running ..");
    let pages = place
        .registry
        .manifest_attributes::<Listed>(&place.repository, &args.order.query());
    let listed = args.order.read(pages).await?;
    let manifests: Vec<Value> = stream::iter(listed)
        .map(|listed| read(&place.registry, &place.repository, listed.digest))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(Reply::value(manifests).table(TABLE))
}

async fn read(
    registry: &Registry,
    name: &RepositoryName,
    digest: Digest,
) -> Result<Value, CliError> {
    let document = registry.get_manifest(name, &digest.into()).await?;
    serde_json::from_slice(&document.bytes)
        .map_err(|error| CliError::failed(format!("The manifest '{digest}' is no JSON: {error}")))
}
