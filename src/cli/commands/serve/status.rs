//! `acr serve status`

use super::settings::FolderArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use acr_server::lifecycle;
use serde_json::to_value;

/// Show whether a server runs, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    folder: FolderArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let status = lifecycle::status(&args.folder.data_dir(ctx)?).await?;
    let status = to_value(status).map_err(|error| CliError::failed(error.to_string()))?;
    Ok(Reply::value(status))
}
