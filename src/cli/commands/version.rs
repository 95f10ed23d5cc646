//! `acr version`

use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use serde_json::json;

/// Show the version of this program.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: Args) -> Result<Reply, CliError> {
    Ok(Reply::value(json!({
        "acr": env!("CARGO_PKG_VERSION"),
        "apiVersion": acr_api::arm::REGISTRY_API_VERSION,
    })))
}
