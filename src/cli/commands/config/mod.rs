//! `acr config`

pub(super) mod authentication_as_arm;
pub(super) mod content_trust;
pub(super) mod retention;
pub(super) mod soft_delete;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Manage the policies of a registry.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    #[command(subcommand)]
    AuthenticationAsArm(authentication_as_arm::Command),
    #[command(subcommand)]
    ContentTrust(content_trust::Command),
    #[command(subcommand)]
    Retention(retention::Command),
    #[command(subcommand)]
    SoftDelete(soft_delete::Command),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::AuthenticationAsArm(command) => command.run(ctx).await,
            Self::ContentTrust(command) => command.run(ctx).await,
            Self::Retention(command) => command.run(ctx).await,
            Self::SoftDelete(command) => command.run(ctx).await,
        }
    }
}
