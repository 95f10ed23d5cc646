//! `acr credential`

pub(super) mod renew;
pub(super) mod show;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Manage the admin user's passwords.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Renew(renew::Args),
    Show(show::Args),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::Renew(args) => renew::run(ctx, args).await,
            Self::Show(args) => show::run(ctx, args).await,
        }
    }
}
