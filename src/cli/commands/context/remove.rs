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
    let (server, was_in_use) = Contexts::change(folder, |contexts| {
        contexts.server(&args.name)?;
        let was_in_use = contexts.current.as_ref() == Some(&args.name);
        if was_in_use {
            contexts.current = None;
        }
        Ok((contexts.forget(&args.name), was_in_use))
    })?;
    if was_in_use {
        ctx.console.warn(
            "Commands go to Azure until another server is added or started; `acr context use` chooses a place for good.",
        );
    }
    if let Some(server) = server {
        server.discard(folder)?;
    }
    Ok(Reply::None)
}
