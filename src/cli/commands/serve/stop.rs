//! `acr serve stop`

use super::settings::FolderArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use acr_server::lifecycle;
use std::time::Duration;

/// Stop the server: it takes no new work, finishes what it has begun, and ends.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    folder: FolderArgs,
    /// How many seconds to wait for it.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    wait: u64,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let data_dir = args.folder.data_dir(ctx)?;
    let _progress = ctx.console.progress("Stopping ..");
    lifecycle::stop(&data_dir, Duration::from_secs(args.wait)).await?;
    Ok(Reply::None)
}
