//! `acr context list`

use crate::cli::context::{AZURE, Contexts};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::ui::table::Column;
use serde_json::{Value, json};

/// List the places that commands can go to.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = &[
    Column::path("NAME", "name"),
    Column::path("CURRENT", "isCurrent"),
    Column::path("SERVER FILE", "adminFile"),
    Column::path("DEFAULT REGISTRY", "registry"),
];

pub(crate) fn run(ctx: &Ctx, _args: Args) -> Result<Reply, CliError> {
    let contexts = Contexts::load(ctx.settings.environment.config_folder())?;
    let current = ctx.settings.context_name(&contexts);
    let names = std::iter::once(AZURE).chain(contexts.servers.keys().map(String::as_str));
    let shown: Vec<Value> = names
        .map(|name| {
            json!({
                "name": name,
                "isCurrent": name == current,
                "adminFile": contexts.servers.get(name).map(|server| &server.admin_file),
                "registry": contexts.registries.get(name),
            })
        })
        .collect();
    Ok(Reply::value(shown).table(TABLE))
}
