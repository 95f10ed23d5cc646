//! `acr context show`

use crate::cli::context::Contexts;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use serde_json::json;

/// Show where commands go.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The context; without it, the one in use.
    #[arg(short, long, value_name = "NAME")]
    name: Option<String>,
}

pub(crate) fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let contexts = Contexts::load(ctx.settings.environment.config_folder())?;
    let current = ctx.settings.context_name(&contexts);
    let name = args.name.unwrap_or_else(|| current.clone());
    let mut shown = json!({
        "name": name,
        "isCurrent": name == current,
        "registry": contexts.registries.get(&name),
    });
    if let Some(server) = contexts.server(&name)? {
        let admin = server.admin(&name)?;
        shown["adminFile"] = json!(server.admin_file);
        shown["endpoint"] = admin.endpoint.into();
        shown["tenantId"] = admin.tenant_id.into();
        shown["subscriptionId"] = admin.subscription_id.into();
        shown["clientId"] = admin.client_id.into();
        shown["caFile"] = json!(admin.ca_file);
    }
    Ok(Reply::value(shown))
}
