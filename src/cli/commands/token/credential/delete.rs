//! `acr token credential delete`

use crate::cli::args::InRegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::TOKENS;
use crate::cli::ui::table::Column;
use serde_json::{Value, json};

/// Delete passwords of a token.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryArgs,
    /// The name of the token.
    #[arg(short, long, value_name = "NAME")]
    name: String,
    /// The first password.
    #[arg(long)]
    password1: bool,
    /// The second password.
    #[arg(long)]
    password2: bool,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = TOKENS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    if !args.password1 && !args.password2 {
        return Err(CliError::failed("No credentials to delete."));
    }
    let located = ctx.find(&args.registry).await?;
    let arm = ctx.arm().await?;
    let tokens = arm.registry_children(&located.group, &located.name, "tokens");
    let token = tokens.get(&args.name).await?;
    let passwords = token["properties"]["credentials"]["passwords"].as_array();
    let mut names: Vec<&str> = passwords
        .into_iter()
        .flatten()
        .filter_map(|password| password["name"].as_str())
        .collect();
    for (is_named, name) in [(args.password1, "password1"), (args.password2, "password2")] {
        if is_named && !names.contains(&name) {
            return Err(CliError::failed(format!(
                "Unable to perform operation. The credential {name} doesn't exist."
            )));
        }
        names.retain(|kept| !is_named || *kept != name);
    }
    let kept: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
    let body = json!({ "properties": { "credentials": { "passwords": kept } } });
    let _progress = ctx.console.progress("Running ..");
    let updated = tokens.patch(&args.name, &body).await?;
    Ok(Reply::value(shape::token(updated)).table(TABLE))
}
