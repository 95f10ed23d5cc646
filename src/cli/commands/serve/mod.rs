//! `acr serve`

mod env;
mod gc;
mod settings;
mod start;
mod status;
mod stop;

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Run a registry of your own: the control plane and the token service behind one port.
///
/// Every setting can also be given by a variable ACR_SERVE_<OPTION>, as ACR_SERVE_DATA_DIR, and in a TOML file;
/// --config and --detach are none.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(flatten)]
    start: start::Args,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Env(env::Args),
    Gc(gc::Args),
    Status(status::Args),
    Stop(stop::Args),
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    match args.command {
        None => start::run(ctx, args.start).await,
        Some(Command::Env(args)) => env::run(ctx, args),
        Some(Command::Gc(args)) => gc::run(ctx, args).await,
        Some(Command::Status(args)) => status::run(ctx, args).await,
        Some(Command::Stop(args)) => stop::run(ctx, args).await,
    }
}
