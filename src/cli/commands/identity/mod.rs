//! `acr identity`

pub(super) mod assign;
pub(super) mod remove;
pub(super) mod show;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Manage the identities that a registry acts with.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Assign(assign::Args),
    Remove(remove::Args),
    Show(show::Args),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::Assign(args) => assign::run(ctx, args).await,
            Self::Remove(args) => remove::run(ctx, args).await,
            Self::Show(args) => show::run(ctx, args).await,
        }
    }
}
