//! `acr context`

mod add;
mod list;
mod remove;
mod show;
mod r#use;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Choose where commands go: Azure, or a server of your own.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Add(add::Args),
    List(list::Args),
    Remove(remove::Args),
    Show(show::Args),
    Use(r#use::Args),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::Add(args) => add::run(ctx, args).await,
            Self::List(args) => list::run(ctx, args),
            Self::Remove(args) => remove::run(ctx, args),
            Self::Show(args) => show::run(ctx, args),
            Self::Use(args) => r#use::run(ctx, args),
        }
    }
}
