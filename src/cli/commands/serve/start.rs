//! `acr serve`, the server itself.

use super::settings::ServerArgs;
use crate::cli::config::variables;
use crate::cli::context::{Contexts, LOCAL, Server};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use acr_server::config::{Config, Setting};
use acr_server::lifecycle::{self, Control, DataDir, Launch};
use serde_json::json;
use std::collections::BTreeMap;
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
    for name in unknown_settings(&variables()?) {
        ctx.console
            .warn(&format!("The variable {name} is no setting of a server."));
    }
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

/// Variables that look like settings and are none, such as misspelled ones. Kubernetes makes some for every service
/// called `acr-serve`; they are nobody's mistake.
fn unknown_settings(variables: &BTreeMap<String, String>) -> Vec<&str> {
    let known: Vec<String> = Setting::ALL.map(Setting::variable).into();
    let is_unknown = |name: &&String| {
        let is_of_kubernetes = name
            .strip_prefix("ACR_SERVE_")
            .is_none_or(|rest| rest.starts_with("PORT") || rest.starts_with("SERVICE_"));
        !is_of_kubernetes && !known.contains(name) && *name != lifecycle::DETACHED_VARIABLE
    };
    let unknown = variables.keys().filter(is_unknown);
    unknown.map(String::as_str).collect()
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

/// Makes the context `local` lead to the server, unless it leads to another one that runs or that somebody named.
fn register(ctx: &Ctx, server: &Server) -> Result<(), CliError> {
    let folder = ctx.settings.environment.config_folder();
    let contexts = Contexts::load(folder)?;
    let is_known = contexts.servers.get(LOCAL) == Some(server) && contexts.current.is_some();
    // Mostly there is nothing to remember, perhaps in a folder that cannot be written.
    if is_known {
        return Ok(());
    }
    Contexts::change(folder, |contexts| {
        if !tell_of_other(ctx, contexts, server)? {
            contexts.register(LOCAL, server.clone());
        }
        Ok(())
    })
}

/// Says so if the context `local` leads to another server: one that runs, or one elsewhere, which only a person can
/// have named so.
fn tell_of_other(ctx: &Ctx, contexts: &Contexts, server: &Server) -> Result<bool, CliError> {
    let known = contexts.servers.get(LOCAL).filter(|known| *known != server);
    let Some(known) = known else {
        return Ok(false);
    };
    let folder = ctx.settings.environment.config_folder();
    let is_running = |folder| lifecycle::is_running(&DataDir::new(folder));
    let place = match known.data_folder(folder) {
        Some(other) if other.is_dir() && is_running(other)? => format!("in {}", other.display()),
        Some(_) => return Ok(false),
        None => format!("of {}", known.admin_file.display()),
    };
    // Whoever has a name for this one needs no advice.
    if contexts.servers.values().any(|known| known == server) {
        return Ok(true);
    }
    ctx.console.warn(&format!(
        "The context '{LOCAL}' stays with the server {place}. For one that leads here: acr context add NAME --admin-file {}",
        server.admin_file.display()
    ));
    Ok(true)
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
    let folder = ctx.settings.environment.config_folder();
    let had_chosen = Contexts::load(folder)?.current.is_some();
    let _progress = ctx.console.progress("Starting ..");
    let data_dir = DataDir::new(&config.data_dir);
    let record = lifecycle::detach(&data_dir, &launch).await?;
    // The server has said so, too, but into its log.
    let admin_file = data_dir.admin_file();
    let contexts = Contexts::load(folder)?;
    let is_elsewhere = tell_of_other(ctx, &contexts, &Server { admin_file })?;
    if !had_chosen && !is_elsewhere && contexts.current() == LOCAL {
        ctx.console
            .note(&format!("Commands go to '{LOCAL}' from now on."));
    }
    Ok(Reply::value(json!({
        "endpoint": record.endpoint,
        "pid": record.pid,
        "dataDir": config.data_dir,
        "logFile": data_dir.log_file(),
    })))
}
