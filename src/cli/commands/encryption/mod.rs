//! `acr encryption`

pub(super) mod rotate_key;
pub(super) mod show;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Manage how a registry is encrypted at rest.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    RotateKey(rotate_key::Args),
    Show(show::Args),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::RotateKey(args) => rotate_key::run(ctx, args).await,
            Self::Show(args) => show::run(ctx, args).await,
        }
    }
}
