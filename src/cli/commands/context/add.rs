//! `acr context add`

use crate::cli::context::{AZURE, Admin, Contexts, Server};
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
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    if args.name == AZURE || args.name.is_empty() || args.name.contains(['/', '\\']) {
        return Err(CliError::usage(format!(
            "{:?} cannot name a server",
            args.name
        )));
    }
    let folder = ctx.settings.environment.config_folder();
    let server = match (args.admin_file, args.endpoint) {
        (None, None) => {
            return Err(CliError::usage(
                "one of the following arguments is required: --admin-file, --endpoint",
            )
            .hint(
                "`acr serve` keeps admin.json in its data folder; a server elsewhere has an endpoint.",
            ));
        }
        (Some(file), _) => Server {
            admin_file: std::path::absolute(file)?,
        },
        (None, Some(endpoint)) => {
            let admin = Admin {
                endpoint,
                tenant_id: args.tenant_id.unwrap_or_default(),
                subscription_id: args.subscription_id.unwrap_or_default(),
                client_id: args.client_id.unwrap_or_default(),
                client_secret: ctx
                    .console
                    .secret("Client secret: ")
                    .await?
                    .expose()
                    .to_owned(),
                login_server_suffix: args.login_server_suffix,
                ca_file: args.ca_file.map(std::path::absolute).transpose()?,
            };
            Server::write(folder, &args.name, &admin)?
        }
    };
    server.admin(&args.name)?;
    let mut contexts = Contexts::load(folder)?;
    contexts.register(&args.name, server);
    contexts.save(folder)?;
    Ok(Reply::None)
}
