//! `acr encryption show`

use crate::cli::args::RegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::REGISTRIES;
use crate::cli::ui::table::Column;

/// Show how a registry is encrypted at rest.
///
/// On `acr serve`, dataKey says what seals the blobs; without it they lie plain, because the server was given no
/// master key.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
}

/// Columns of `-o table`: az shows the columns of registries here, most of them empty.
pub(crate) const TABLE: &[Column] = REGISTRIES;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (located, registry) = ctx.registry(&args.registry).await?;
    let encryption = &registry["properties"]["encryption"];
    if ctx.backend()?.is_server && encryption.get("dataKey").is_none() {
        ctx.console.note(&format!(
            "The blobs of '{}' lie plain: the server has no master key (`acr serve --master-key`).",
            located.name
        ));
    }
    Ok(Reply::value(shape::encryption(encryption.clone())).table(TABLE))
}
