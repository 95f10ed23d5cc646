//! `acr repository`

pub(super) mod delete;
pub(super) mod list;
pub(super) mod list_deleted;
pub(super) mod show;
pub(super) mod show_manifests;
pub(super) mod show_tags;
pub(super) mod untag;
pub(super) mod update;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Manage the repositories of a registry.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Delete(delete::Args),
    List(list::Args),
    ListDeleted(list_deleted::Args),
    Show(show::Args),
    #[command(hide = true)]
    ShowManifests(show_manifests::Args),
    ShowTags(show_tags::Args),
    Untag(untag::Args),
    Update(update::Args),
}

impl Command {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::Delete(args) => delete::run(ctx, args).await,
            Self::List(args) => list::run(ctx, args).await,
            Self::ListDeleted(args) => list_deleted::run(ctx, args).await,
            Self::Show(args) => show::run(ctx, args).await,
            Self::ShowManifests(args) => show_manifests::run(ctx, args).await,
            Self::ShowTags(args) => show_tags::run(ctx, args).await,
            Self::Untag(args) => untag::run(ctx, args).await,
            Self::Update(args) => update::run(ctx, args).await,
        }
    }
}
