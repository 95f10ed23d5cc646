//! `acr credential renew`

use crate::cli::args::{RegistryArgs, choice};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::require_admin;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::CREDENTIALS;
use crate::cli::ui::table::Column;

/// Replace one of the admin user's passwords; the other stays valid.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    /// The password to replace.
    #[arg(long, value_name = "PASSWORD", ignore_case = true, value_parser = choice(&["password", "password2"]))]
    password_name: &'static str,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = CREDENTIALS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (located, registry) = ctx.registry(&args.registry).await?;
    require_admin(&registry, &located)?;
    let registries = ctx.arm().await?.registries();
    let renewed = registries
        .regenerate_credential(&located.group, &located.name, args.password_name)
        .await?;
    Ok(Reply::value(shape::credentials(renewed)).table(TABLE))
}
