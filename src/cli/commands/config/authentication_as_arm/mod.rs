//! `acr config authentication-as-arm`

pub(super) mod show;
pub(super) mod update;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Manage whether tokens for Azure Resource Manager open the registry.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Show(show::Args),
    Update(update::Args),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::Show(args) => show::run(ctx, args).await,
            Self::Update(args) => update::run(ctx, args).await,
        }
    }
}
