//! `acr token`

pub(super) mod create;
pub(super) mod credential;
pub(super) mod delete;
pub(super) mod list;
pub(super) mod show;
pub(super) mod update;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Manage tokens: names and passwords for single repositories.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Create(create::Args),
    #[command(subcommand)]
    Credential(credential::Command),
    Delete(delete::Args),
    List(list::Args),
    Show(show::Args),
    Update(update::Args),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::Create(args) => create::run(ctx, args).await,
            Self::Credential(command) => command.run(ctx).await,
            Self::Delete(args) => delete::run(ctx, args).await,
            Self::List(args) => list::run(ctx, args).await,
            Self::Show(args) => show::run(ctx, args).await,
            Self::Update(args) => update::run(ctx, args).await,
        }
    }
}
