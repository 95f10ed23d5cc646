//! `acr purge`

use crate::cli::ctx::Ctx;
use crate::cli::data_plane::InRegistryLoginArgs;
use crate::cli::error::CliError;
use crate::cli::purge::{self, Action, Filters, Pace, Row, Rules, counted};
use crate::cli::reply::Reply;
use crate::cli::ui::table::Column;
use chrono::TimeDelta;
use serde_json::Value;

/// Delete old tags by filter, and manifests that no tag leads to.
///
/// What a tag that stays needs is never deleted: not the images of an index, at any depth, and nothing that is signed by or
/// attached to something that stays. Without `--yes` it asks before it deletes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryLoginArgs,
    /// Which tags: `REPOSITORY:TAG`, a regular expression each; may be given more than once.
    ///
    /// The repository's expression has to match its whole name, the tag's a part of it.
    #[arg(
        short,
        long = "filter",
        value_name = "FILTER",
        required_unless_present = "untagged_only"
    )]
    filters: Vec<String>,
    /// How long ago a tag or manifest must have changed last, such as `30d`, `1d12h` or `45m`.
    #[arg(
        long,
        value_name = "DURATION",
        required_unless_present = "untagged_only"
    )]
    ago: Option<String>,
    /// Of the tags of a repository that would be deleted, keep so many of the newest.
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        conflicts_with = "untagged_only"
    )]
    keep: usize,
    /// Also delete manifests that no tag leads to any more.
    #[arg(long)]
    untagged: bool,
    /// Delete no tags, only manifests that no tag leads to; without `--filter`, those of all repositories.
    #[arg(long)]
    untagged_only: bool,
    /// Unlock and delete tags and manifests that are locked, too. A locked repository keeps everything.
    #[arg(long)]
    include_locked: bool,
    /// Show what would be deleted, and delete nothing.
    #[arg(long)]
    dry_run: bool,
    /// How many requests are under way at a time.
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=32))]
    concurrency: u16,
    /// How many repositories are asked for at a time.
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    repository_page_size: u32,
    /// Not used: a filter takes no longer than a name is long.
    #[arg(long, value_name = "SECONDS", hide = true)]
    filter_timeout_seconds: Option<u64>,
    /// Do not ask for confirmation.
    #[arg(short, long)]
    yes: bool,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = &[
    Column::path("REPOSITORY", "repository"),
    Column::path("TAG", "tag"),
    Column::path("DIGEST", "digest"),
    Column::path("ACTION", "action"),
    Column::path("REASON", "reason"),
];

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let filters = match args.filters.is_empty() {
        true => Filters::read(&[".*:.*".to_owned()])?,
        false => Filters::read(&args.filters)?,
    };
    let ago = match &args.ago {
        Some(given) => purge::ago(given)?,
        None => TimeDelta::zero(),
    };
    let rules = Rules {
        cutoff: ctx.settings.clock()() - ago,
        keep: args.keep,
        has_tags: !args.untagged_only,
        has_manifests: args.untagged || args.untagged_only,
        includes_locked: args.include_locked,
    };
    let registry = ctx.data_plane(&args.registry).await?;
    let pace = Pace {
        at_once: args.concurrency.into(),
        page: args.repository_page_size,
    };
    let (plans, failures) = purge::look(ctx, &registry, (&filters, &rules), pace).await?;
    let doomed = counted(plans.iter().flat_map(|plan| &plan.rows), Action::Delete);
    if args.dry_run || doomed.is_none() {
        ctx.console.note(&match doomed {
            Some(doomed) => format!("{doomed} would be deleted."),
            None => "There is nothing to delete.".to_owned(),
        });
        let rows = plans.into_iter().flat_map(|plan| plan.rows).collect();
        return Ok(reply(rows, failures));
    }
    let question = format!(
        "Are you sure you want to delete {} of {}?",
        doomed.unwrap_or_default(),
        registry.host()
    );
    ctx.console.confirm(&question, args.yes).await?;
    let rows = purge::delete(ctx, &registry, plans, pace).await;
    let deleted = counted(&rows, Action::Deleted).unwrap_or_else(|| "Nothing".to_owned());
    ctx.console.note(&format!("{deleted} deleted."));
    Ok(reply(rows, failures))
}

fn reply(rows: Vec<Row>, mut failures: Vec<CliError>) -> Reply {
    if let Some(failed) = counted(&rows, Action::Failed) {
        failures.push(CliError::failed(format!("{failed} could not be deleted.")));
    }
    let rows: Vec<Value> = rows.iter().map(Row::to_json).collect();
    let failures = failures.into_iter();
    let all = failures.reduce(|all, next| all.hint(next.message()));
    Reply::value(rows).table(TABLE).failing(all)
}
