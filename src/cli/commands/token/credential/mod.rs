//! `acr token credential`

pub(super) mod delete;
pub(super) mod generate;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Manage the passwords of a token.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Delete(delete::Args),
    Generate(generate::Args),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::Delete(args) => delete::run(ctx, args).await,
            Self::Generate(args) => generate::run(ctx, args).await,
        }
    }
}
