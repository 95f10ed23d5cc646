//! `acr util generate`

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::generate;
use crate::cli::reply::Reply;
use std::path::PathBuf;

/// Write the completions and the man pages.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder that takes `completions` and `man`.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(crate) fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    generate::write(&args.folder, &(ctx.tree)())?;
    Ok(Reply::None)
}
