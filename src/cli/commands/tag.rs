//! `acr tag`

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::image::{Image, ImageArgs};
use crate::cli::reply::Reply;
use crate::cli::ui::table::Column;
use acr_client::transfer::{Copy, Options, Source, Target};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::{Value, json};

/// Names that are given at a time.
const AT_ONCE: usize = 8;

/// Give an image one more name in its registry; nothing is pulled or pushed.
///
/// A name in another repository of the registry works too: the registry takes the layers over.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The image, such as app:v1 or app@sha256:….
    source: String,
    /// Its new names: :TAG in the same repository, or REPOSITORY:TAG.
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    #[command(flatten)]
    registry: ImageArgs,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = &[
    Column::path("IMAGE", "image"),
    Column::path("DIGEST", "digest"),
];

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let source = ctx.image(&args.source, &args.registry).await?;
    let targets: Vec<Image> = args
        .targets
        .iter()
        .map(|target| source.renamed(target))
        .collect::<Result<_, _>>()?;
    let names = targets.into_iter().map(|target| give(&source, target));
    let told: Vec<Value> = stream::iter(names).buffered(AT_ONCE).try_collect().await?;
    Ok(Reply::value(told).table(TABLE))
}

/// Gives the image one name, and tells it.
async fn give(source: &Image, target: Image) -> Result<Value, CliError> {
    let name = target.full_name();
    let copied = Copy {
        source: Source::Registry(source.registry.clone(), source.repository.clone()),
        from: source.reference(),
        to: target.reference(),
        target: Target::Registry(target.registry, target.repository),
    }
    .run(&Options::default())
    .await?;
    Ok(json!({ "image": name, "digest": copied.digest.to_string() }))
}
