//! `acr context remove`

use crate::cli::context::{AZURE, Contexts};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use clap_complete::ArgValueCandidates;

/// Forget a server. The server itself is left alone.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The name of the server.
    #[arg(value_name = "NAME", add = ArgValueCandidates::new(crate::cli::complete::contexts))]
    name: String,
}

pub(crate) fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    if args.name == AZURE {
        return Err(CliError::failed("The context 'azure' is always there."));
    }
    let folder = ctx.settings.environment.config_folder();
    let mut contexts = Contexts::load(folder)?;
    contexts.server(&args.name)?;
    contexts.servers.remove(&args.name);
    contexts.registries.remove(&args.name);
    if contexts.current.as_ref() == Some(&args.name) {
        contexts.current = None;
        ctx.console
            .warn("Commands go to Azure from now on; `acr context use` chooses another place.");
    }
    contexts.save(folder)?;
    Ok(Reply::None)
}
