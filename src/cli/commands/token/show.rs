//! `acr token show`

use crate::cli::args::InRegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::TOKENS;
use crate::cli::ui::table::Column;

/// Show a token.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryArgs,
    /// The name of the token.
    #[arg(short, long, value_name = "NAME")]
    name: String,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = TOKENS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let located = ctx.find(&args.registry).await?;
    let arm = ctx.arm().await?;
    let children = arm.registry_children(&located.group, &located.name, "tokens");
    Ok(Reply::value(shape::token(children.get(&args.name).await?)).table(TABLE))
}
