//! `acr repository show-manifests`

use crate::cli::content::{self, OrderArgs, RegistryArgs};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use serde_json::{Value, json};

/// List the manifests of a repository. Deprecated: use `acr manifest list-metadata`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    /// The name of the repository.
    #[arg(long, value_name = "REPOSITORY")]
    repository: String,
    #[command(flatten)]
    order: OrderArgs,
    /// Show all attributes of the manifests.
    #[arg(long)]
    detail: bool,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    ctx.console
        .warn("This command is deprecated. Use `acr manifest list-metadata` instead.");
    let name = content::repository(&args.repository)?;
    let registry = args.registry.enter(ctx).await?;
    let _progress = ctx.console.progress("Running ..");
    let pages = registry.manifest_attributes::<Value>(&name, &args.order.query());
    let manifests = args.order.read(pages).await?;
    if args.detail {
        return Ok(Reply::value(manifests));
    }
    let short: Vec<Value> = manifests.into_iter().map(short).collect();
    Ok(Reply::value(short))
}

/// What was once all that the service told.
fn short(manifest: Value) -> Value {
    let member = |name: &str, missing: Value| manifest.get(name).cloned().unwrap_or(missing);
    json!({
        "digest": member("digest", "".into()),
        "tags": member("tags", json!([])),
        "timestamp": member("lastUpdateTime", "".into()),
    })
}
