//! `acr token credential generate`

use crate::cli::args::InRegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::passwords::{ExpiryArgs, generate};
use crate::cli::reply::Reply;
use crate::cli::tables::TOKEN_CREDENTIALS;
use crate::cli::ui::table::Column;

/// Make new passwords for a token: both, or the one that is named.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryArgs,
    /// The name of the token.
    #[arg(short, long, value_name = "NAME")]
    name: String,
    /// The first password.
    #[arg(long)]
    password1: bool,
    /// The second password.
    #[arg(long)]
    password2: bool,
    #[command(flatten)]
    expiry: ExpiryArgs,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = TOKEN_CREDENTIALS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    args.expiry.check()?;
    let located = ctx.find(&args.registry).await?;
    let only = match (args.password1, args.password2) {
        (true, false) => Some("password1"),
        (false, true) => Some("password2"),
        _ => None,
    };
    let _progress = ctx.console.progress("Running ..");
    let made = generate(ctx, &located, &args.name, only, &args.expiry).await?;
    Ok(Reply::value(made).table(TABLE))
}
