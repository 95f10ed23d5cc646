//! `acr context use`

use crate::cli::context::Contexts;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use clap_complete::ArgValueCandidates;

/// Send commands to a context from now on.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// `azure`, or the name of a server.
    #[arg(value_name = "NAME", add = ArgValueCandidates::new(crate::cli::complete::contexts))]
    name: String,
}

pub(crate) fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let folder = ctx.settings.environment.config_folder();
    Contexts::change(folder, |contexts| {
        contexts.server(&args.name)?;
        contexts.current = Some(args.name);
        Ok(Reply::None)
    })
}
