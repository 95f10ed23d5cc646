//! `acr credential show`

use crate::cli::args::RegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::require_admin;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::CREDENTIALS;
use crate::cli::ui::table::Column;

/// Show the admin user's name and passwords.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = CREDENTIALS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (located, registry) = ctx.registry(&args.registry).await?;
    require_admin(&registry, &located)?;
    let registries = ctx.arm().await?.registries();
    let credentials = registries
        .credentials(&located.group, &located.name)
        .await?;
    Ok(Reply::value(shape::credentials(credentials)).table(TABLE))
}
