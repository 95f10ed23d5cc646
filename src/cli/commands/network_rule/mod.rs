//! `acr network-rule`

pub(super) mod add;
pub(super) mod list;
pub(super) mod remove;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Manage who may reach a registry over the network.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Add(add::Args),
    List(list::Args),
    Remove(remove::Args),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::Add(args) => add::run(ctx, args).await,
            Self::List(args) => list::run(ctx, args).await,
            Self::Remove(args) => remove::run(ctx, args).await,
        }
    }
}
