//! `acr import`

use crate::cli::args::RegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::import::{self, Extent, SourceArgs, TargetArgs};
use crate::cli::registry::sku;
use crate::cli::reply::Reply;
use crate::cli::ui::table::Column;
use acr_http::StatusCode;

/// Import an image from another registry. The service fetches it itself, nothing passes through here.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    target: TargetArgs,
    /// Do not wait for the end of the import.
    #[arg(long)]
    no_wait: bool,
    /// Import all tags of the repository that `--source` names.
    #[arg(long, conflicts_with_all = ["no_wait", "repositories"])]
    all_tags: bool,
    /// Import signatures, bills of materials and all else that refers to the image, too.
    #[arg(long, conflicts_with = "no_wait")]
    include_referrers: bool,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = &[
    Column::path("SOURCE", "source"),
    Column::path("TARGET", "target"),
    Column::path("STATUS", "status"),
    Column::path("ERROR", "error"),
];

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    args.source.check()?;
    let (located, registry) = ctx.registry(&args.registry).await?;
    if sku(&registry) == "Classic" {
        return Err(CliError::failed(
            "Imports are only supported for managed registries.",
        ));
    }
    let source = args.source.find(ctx).await?;
    if args.all_tags || args.include_referrers {
        let extent = Extent {
            has_all_tags: args.all_tags,
            has_referrers: args.include_referrers,
        };
        let items = import::items(ctx, &source, &args.target, extent).await?;
        let total = items.len();
        let (rows, failed) = import::run(ctx, &located, items).await?;
        let failure = (failed > 0)
            .then(|| CliError::failed(format!("{failed} of {total} images were not imported.")));
        return Ok(Reply::value(rows).table(TABLE).failing(failure));
    }
    let body = args.target.body(&source, &args.target.names(&source));
    let registries = ctx.arm().await?.registries();
    if args.no_wait {
        registries
            .begin_import(&located.group, &located.name, &body)
            .await
            .map_err(|error| refusal(error, &args.target))?;
        ctx.console.warn(
            "The import has begun. Whether it succeeds is not awaited; `acr repository show-tags` shows what has arrived.",
        );
        return Ok(Reply::None);
    }
    let _progress = ctx.console.progress("Importing image...");
    registries
        .import_image(&located.group, &located.name, &body)
        .await
        .map_err(|error| refusal(error, &args.target))?;
    Ok(Reply::None)
}

/// Why an image was not imported. The service does not know our word for taking a name from its image.
fn refusal(error: acr_client::Error, target: &TargetArgs) -> CliError {
    let is_taken = error.status() == Some(StatusCode::CONFLICT) && !target.force;
    let refusal = CliError::from(error);
    match is_taken {
        true => refusal.hint("With --force the name is taken from the image that has it."),
        false => refusal,
    }
}
