//! `acr manifest`

pub(super) mod delete;
pub(super) mod list;
pub(super) mod list_deleted;
pub(super) mod list_deleted_tags;
pub(super) mod list_metadata;
pub(super) mod list_referrers;
pub(super) mod metadata;
pub(super) mod restore;
pub(super) mod show;
pub(super) mod show_metadata;
pub(super) mod update_metadata;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Manage the manifests of a repository: images, lists of images, and other artifacts.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Delete(delete::Args),
    List(list::Args),
    ListDeleted(list_deleted::Args),
    ListDeletedTags(list_deleted_tags::Args),
    ListMetadata(list_metadata::Args),
    ListReferrers(list_referrers::Args),
    #[command(subcommand, hide = true)]
    Metadata(metadata::Command),
    Restore(restore::Args),
    Show(show::Args),
    ShowMetadata(show_metadata::Args),
    UpdateMetadata(update_metadata::Args),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::Delete(args) => delete::run(ctx, args).await,
            Self::List(args) => list::run(ctx, args).await,
            Self::ListDeleted(args) => list_deleted::run(ctx, args).await,
            Self::ListDeletedTags(args) => list_deleted_tags::run(ctx, args).await,
            Self::ListMetadata(args) => list_metadata::run(ctx, args).await,
            Self::ListReferrers(args) => list_referrers::run(ctx, args).await,
            Self::Metadata(command) => command.run(ctx).await,
            Self::Restore(args) => restore::run(ctx, args).await,
            Self::Show(args) => show::run(ctx, args).await,
            Self::ShowMetadata(args) => show_metadata::run(ctx, args).await,
            Self::UpdateMetadata(args) => update_metadata::run(ctx, args).await,
        }
    }
}
