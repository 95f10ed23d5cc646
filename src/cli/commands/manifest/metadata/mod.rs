//! `acr manifest metadata`: the names that three commands had before.

use super::{list_metadata, show_metadata, update_metadata};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Manage the metadata of manifests. Deprecated: use `acr manifest list-metadata`, `show-metadata` and `update-metadata`.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    List(list_metadata::Args),
    Show(show_metadata::Args),
    Update(update_metadata::Args),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        let word = match self {
            Self::List(_) => "list",
            Self::Show(_) => "show",
            Self::Update(_) => "update",
        };
        ctx.console.warn(&format!(
            "`acr manifest metadata` is deprecated. Use `acr manifest {word}-metadata` instead."
        ));
        match self {
            Self::List(args) => list_metadata::run(ctx, args).await,
            Self::Show(args) => show_metadata::run(ctx, args).await,
            Self::Update(args) => update_metadata::run(ctx, args).await,
        }
    }
}
