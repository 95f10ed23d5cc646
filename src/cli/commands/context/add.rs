//! `acr context add`

use crate::cli::context::{Admin, Contexts, Server, check_endpoint, check_name};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use std::path::PathBuf;

/// Remember a server by a name.
///
/// A server on this machine is named by the file `admin.json` in its data folder, a server elsewhere
/// by its endpoint and a service principal; the secret is asked for, or read from a pipe.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The name to remember it by.
    #[arg(value_name = "NAME")]
    name: String,
    /// The server's `admin.json`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["endpoint", "tenant_id", "subscription_id", "client_id", "ca_file"])]
    admin_file: Option<PathBuf>,
    /// The server's address.
    #[arg(long, value_name = "URL", requires_all = ["tenant_id", "subscription_id", "client_id"])]
    endpoint: Option<String>,
    /// The server's tenant.
    #[arg(long, value_name = "ID", requires = "endpoint")]
    tenant_id: Option<String>,
    /// The subscription.
    #[arg(long, value_name = "ID", requires = "endpoint")]
    subscription_id: Option<String>,
    /// The service principal to log in as.
    #[arg(long, value_name = "ID", requires = "endpoint")]
    client_id: Option<String>,
    /// The end of every login server, such as .registry.example:443; without it, that of the endpoint.
    #[arg(long, value_name = "SUFFIX", requires = "endpoint")]
    login_server_suffix: Option<String>,
    /// The certificate of the server's own authority.
    #[arg(long, value_name = "FILE", requires = "endpoint")]
    ca_file: Option<PathBuf>,
    /// Replace another server of this name.
    #[arg(long)]
    force: bool,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    check_name(&args.name)?;
    let (name, force) = (args.name.clone(), args.force);
    let folder = ctx.settings.environment.config_folder();
    let found = find(ctx, args).await?;
    let (replaced, comes_into_use) = Contexts::change(folder, |contexts| {
        let replaced = make_room(contexts, &name, &found.admin, force)?;
        let server = match found.admin_file {
            Some(admin_file) => Server { admin_file },
            None => Server::write(folder, &name, &found.admin)?,
        };
        let replaced = replaced.filter(|replaced| *replaced != server);
        Ok((replaced, contexts.register(&name, server)))
    })?;
    if let Some(replaced) = replaced {
        replaced.discard(folder)?;
    }
    if comes_into_use {
        ctx.console
            .note(&format!("Commands go to '{name}' from now on."));
    }
    Ok(Reply::None)
}

/// A server that was named, and its own file if it has one here.
struct Found {
    admin: Admin,
    admin_file: Option<PathBuf>,
}

async fn find(ctx: &Ctx, args: Args) -> Result<Found, CliError> {
    if let Some(file) = args.admin_file {
        let admin_file = std::path::absolute(file)?;
        return Ok(Found {
            admin: Admin::read(&admin_file)?,
            admin_file: Some(admin_file),
        });
    }
    let Some(endpoint) = args.endpoint else {
        return Err(CliError::usage(
            "one of the following arguments is required: --admin-file, --endpoint",
        )
        .hint(
            "`acr serve` keeps admin.json in its data folder; a server elsewhere has an endpoint.",
        ));
    };
    check_endpoint(&endpoint)?;
    if let Some(file) = &args.ca_file {
        let checked = acr_http::check_bundle(file);
        checked.map_err(|why| CliError::usage(format!("--ca-file {}: {why}", file.display())))?;
    }
    let secret = ctx.console.secret("Client secret").await?;
    let admin = Admin {
        endpoint,
        tenant_id: args.tenant_id.unwrap_or_default(),
        subscription_id: args.subscription_id.unwrap_or_default(),
        client_id: args.client_id.unwrap_or_default(),
        client_secret: secret.expose().to_owned(),
        login_server_suffix: args.login_server_suffix,
        ca_file: args.ca_file.map(std::path::absolute).transpose()?,
    };
    Ok(Found {
        admin,
        admin_file: None,
    })
}

/// Takes another server of this name away, if it may be. The same one may always be named again, as with a new secret.
fn make_room(
    contexts: &mut Contexts,
    name: &str,
    admin: &Admin,
    force: bool,
) -> Result<Option<Server>, CliError> {
    match contexts.servers.get(name) {
        None => Ok(None),
        Some(known) if known.is_at(name, admin) => Ok(Some(known.clone())),
        Some(_) if force => Ok(contexts.forget(name)),
        Some(_) => Err(
            CliError::failed(format!("The context '{name}' leads to another server."))
                .hint(format!(
                    "Choose another name, or replace it with --force; `acr context remove {name}` forgets it."
                )),
        ),
    }
}
