//! `acr token update`

use crate::cli::args::{InRegistryArgs, choice};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::TOKENS;
use crate::cli::ui::table::Column;
use serde_json::json;

/// Change a token.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryArgs,
    /// The name of the token.
    #[arg(short, long, value_name = "NAME")]
    name: String,
    /// The scope map that says what the token may do.
    #[arg(long, value_name = "SCOPE_MAP")]
    scope_map: Option<String>,
    /// Whether the token works; without this it stays as it is.
    #[arg(long, value_name = "STATUS", ignore_case = true, value_parser = choice(&["enabled", "disabled"]))]
    status: Option<&'static str>,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = TOKENS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let located = ctx.find(&args.registry).await?;
    // az sends `enabled` where no status is given: whoever changed what a disabled token may do enabled it, too.
    let mut body = json!({ "properties": {} });
    if let Some(status) = args.status {
        body["properties"]["status"] = status.into();
    }
    if let Some(name) = args.scope_map.filter(|name| !name.is_empty()) {
        let registry = ctx.registry_id(&located.name).await?;
        body["properties"]["scopeMapId"] = format!("{registry}/scopeMaps/{name}").into();
    }
    let _progress = ctx.console.progress("Running ..");
    let arm = ctx.arm().await?;
    let tokens = arm.registry_children(&located.group, &located.name, "tokens");
    let updated = tokens.patch(&args.name, &body).await?;
    Ok(Reply::value(shape::token(updated)).table(TABLE))
}
