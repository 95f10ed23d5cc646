//! `acr show-usage`

use crate::cli::content::{everything, repository};
use crate::cli::ctx::Ctx;
use crate::cli::data_plane::{Login, LoginArgs};
use crate::cli::error::CliError;
use crate::cli::registry::sku;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::USAGES;
use crate::cli::ui::table::Column;
use crate::cli::usage::{Usage, walk};
use indicatif::BinaryBytes;
use serde_json::Value;

/// Show the limits of a registry and how much of them is used, or what each repository takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: LoginArgs,
    /// Show what each repository takes: how much is its own, and how much it shares with others.
    #[arg(long)]
    by_repository: bool,
    /// Show it of these repositories alone; may be given more than once.
    #[arg(long = "repository", value_name = "REPOSITORY")]
    repositories: Vec<String>,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = USAGES;

/// Columns of `-o table` where repositories are shown.
const REPOSITORIES: &[Column] = &[
    Column::path("REPOSITORY", "repository"),
    Column::path("MANIFESTS", "manifests"),
    Column::path("TAGS", "tags"),
    Column::value("TOTAL", |row| size(row, "totalBytes")),
    Column::value("UNIQUE", |row| size(row, "uniqueBytes")),
    Column::value("SHARED", |row| size(row, "sharedBytes")),
];

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    if args.by_repository || !args.repositories.is_empty() {
        return of_repositories(ctx, &args).await;
    }
    let given = Login::from(&args.registry).given;
    let (located, registry) = ctx.registry(given).await?;
    if sku(&registry) == "Classic" {
        return Err(CliError::failed(
            "Usage is only supported for managed registries.",
        ));
    }
    let registries = ctx.arm().await?.registries();
    let usages = registries.usages(&located.group, &located.name).await?;
    Ok(Reply::value(shape::usages(usages)).table(TABLE))
}

/// Walks through all repositories even if few are to be shown: what they share, only the others tell.
async fn of_repositories(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    for name in &args.repositories {
        repository(name)?;
    }
    let registry = ctx.data_plane(&args.registry).await?;
    let progress = ctx.console.progress("Looking ..");
    let names = registry.repositories(&everything()).all().await?;
    let missing = args.repositories.iter().find(|name| !names.contains(name));
    if let Some(missing) = missing {
        return Err(CliError::failed(format!(
            "{} has no repository '{missing}'.",
            registry.host()
        )));
    }
    let total = names.len();
    let tell = |name: &str, at| {
        progress.set_message(format!("Looking at {name}, {} of {total} ..", at + 1));
    };
    let tally = walk(&registry, &names, tell).await?;
    let is_shown = |usage: &&Usage| {
        args.repositories.is_empty() || args.repositories.contains(&usage.repository)
    };
    let usages = tally.usages();
    let rows: Vec<Value> = usages.iter().filter(is_shown).map(Usage::to_json).collect();
    Ok(Reply::value(rows).table(REPOSITORIES))
}

fn size(row: &Value, member: &str) -> Value {
    let bytes = row[member].as_u64().unwrap_or_default();
    BinaryBytes(bytes).to_string().into()
}
