//! `acr serve`, the server itself.

use super::settings::ServerArgs;
use crate::cli::context::{Contexts, LOCAL, Server};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use acr_server::config::Config;
use acr_server::lifecycle::{self, Control, DataDir, Launch};
use serde_json::json;
use std::io::IsTerminal;
use std::time::Duration;

/// How long a server in the background may take to get ready.
const READY_WITHIN: Duration = Duration::from_secs(30);

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Args {
    #[command(flatten)]
    server: ServerArgs,
    /// Run in the background, and return when the server takes work.
    #[arg(long)]
    detach: bool,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let config = args.server.config(&ctx.settings)?;
    if args.detach {
        return detach(ctx, &config).await;
    }
    if ctx
        .settings
        .environment
        .var(lifecycle::DETACHED_VARIABLE)
        .is_some()
    {
        lifecycle::leave_session()?;
    }
    acr_server::log::init(&config, std::io::stderr().is_terminal());
    let admin_file = DataDir::new(&config.data_dir).admin_file();
    // Not before it is up: a server that cannot start must not be where commands go.
    let welcome = || {
        let server = Server { admin_file };
        match register(ctx, &server) {
            Ok(()) => welcome(ctx, &server),
            Err(error) => ctx.console.fail(&error),
        }
    };
    acr_server::run(config, Control::from_signals()?, welcome).await?;
    Ok(Reply::None)
}

/// Tells a person at the terminal where the server is and what to do with it.
fn welcome(ctx: &Ctx, server: &Server) {
    let Ok(admin) = server.admin(LOCAL) else {
        return;
    };
    if !std::io::stderr().is_terminal() {
        return;
    }
    ctx.console
        .note(&format!("The server answers at {}", admin.endpoint));
    if let Some(file) = &admin.ca_file {
        ctx.console
            .note(&format!("Its certificates come from {}", file.display()));
    }
    ctx.console
        .note("In another shell:  acr create --name hello --sku standard");
    ctx.console.note("Ctrl-C stops it.");
}

/// Makes the context `local` lead to the server, unless it leads to another one that runs.
fn register(ctx: &Ctx, server: &Server) -> Result<(), CliError> {
    let folder = ctx.settings.environment.config_folder();
    let mut contexts = Contexts::load(folder)?;
    let is_known = contexts.servers.get(LOCAL) == Some(server) && contexts.current.is_some();
    if is_known || tell_of_other(ctx, &contexts, server)? {
        return Ok(());
    }
    contexts.register(LOCAL, server.clone());
    contexts.save(folder)
}

/// Says so if the context `local` leads to another server that runs.
fn tell_of_other(ctx: &Ctx, contexts: &Contexts, server: &Server) -> Result<bool, CliError> {
    let known = contexts.servers.get(LOCAL).filter(|known| *known != server);
    let folder = ctx.settings.environment.config_folder();
    let Some(other) = known.and_then(|known| known.data_folder(folder)) else {
        return Ok(false);
    };
    let is_running = other.is_dir() && lifecycle::is_running(&DataDir::new(other))?;
    if is_running {
        ctx.console.warn(&format!(
            "The context '{LOCAL}' stays with the server in {}. For one that leads here: acr context add NAME --admin-file {}",
            other.display(),
            server.admin_file.display()
        ));
    }
    Ok(is_running)
}

async fn detach(ctx: &Ctx, config: &Config) -> Result<Reply, CliError> {
    let launch = Launch {
        program: std::env::current_exe()?,
        arguments: std::env::args_os()
            .skip(1)
            .filter(|argument| argument != "--detach")
            .collect(),
        wait: READY_WITHIN,
    };
    let _progress = ctx.console.progress("Starting ..");
    let data_dir = DataDir::new(&config.data_dir);
    let record = lifecycle::detach(&data_dir, &launch).await?;
    // The server has said so, too, but into its log.
    let admin_file = data_dir.admin_file();
    let contexts = Contexts::load(ctx.settings.environment.config_folder())?;
    tell_of_other(ctx, &contexts, &Server { admin_file })?;
    Ok(Reply::value(json!({
        "endpoint": record.endpoint,
        "pid": record.pid,
        "dataDir": config.data_dir,
        "logFile": data_dir.log_file(),
    })))
}
