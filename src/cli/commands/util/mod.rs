//! `acr util`

mod generate;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Tools for those who build this program.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Generate(generate::Args),
}

impl Command {
    pub(crate) fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::Generate(args) => generate::run(ctx, args),
        }
    }
}
