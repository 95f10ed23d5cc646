//! `acr serve gc`

use super::settings::FolderArgs;
use crate::cli::context::{Admin, LOCAL};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::target::Backend;
use crate::cli::ui::table::Column;
use serde_json::Value;

/// Clear away what no image needs any more, on the server of the context in use or of a folder.
///
/// The server does the same by itself, as often as --gc-interval says. What was pushed or asked for within
/// --gc-grace stays, so nothing has to be stopped meanwhile.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    folder: FolderArgs,
    /// Only tell what would be removed.
    #[arg(long)]
    dry_run: bool,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = &[
    Column::value("BLOBS", |report| removed(report, "blobs")),
    Column::value("LINKS", |report| removed(report, "links")),
    Column::value("FILES", |report| removed(report, "files")),
    Column::value("UPLOADS", |report| removed(report, "uploads")),
    Column::value("REPOSITORIES", |report| removed(report, "repositories")),
    Column::path("FREED BYTES", "freedBytes"),
];

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let of_folder;
    let backend = match args.folder.is_given() {
        true => {
            let admin_file = args.folder.data_dir(ctx)?.admin_file();
            let admin = Admin::read(&admin_file)?;
            of_folder = Backend::server(&ctx.settings, LOCAL.to_owned(), admin);
            &of_folder
        }
        false => ctx.backend()?,
    };
    if !backend.is_server {
        return Err(CliError::failed(format!(
            "The context '{}' is no server of `acr serve`: Azure collects its garbage itself.",
            backend.context
        ))
        .hint("`acr context list` shows the servers that are known, --context chooses one."));
    }
    let _progress = ctx.console.progress("Collecting ..");
    let subscriptions = backend.arm().await?.subscriptions();
    let report = subscriptions.collect_garbage(args.dry_run).await?;
    Ok(Reply::value(report).table(TABLE))
}

/// How many of how many were removed.
fn removed(report: &Value, what: &str) -> Value {
    let count = &report[what];
    format!("{} of {}", count["removed"], count["examined"]).into()
}
