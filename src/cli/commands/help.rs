//! `acr help`

use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::mistake;
use crate::cli::reply::Reply;
use clap::error::ErrorKind;
use std::ffi::OsString;

/// Print the help of a command, as --help does.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The words of the command, such as: repository show.
    #[arg(value_name = "COMMAND", add = clap_complete::ArgValueCandidates::new(crate::cli::complete::commands))]
    words: Vec<OsString>,
}

pub(crate) fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let mut line = vec![OsString::from("acr")];
    line.extend(args.words);
    line.push("--help".into());
    match (ctx.tree)().try_get_matches_from(&line) {
        Err(help) if help.kind() == ErrorKind::DisplayHelp => {
            let text = help.render();
            Ok(Reply::Text(match ctx.settings.has_colour {
                true => text.ansi().to_string(),
                false => text.to_string(),
            }))
        }
        Err(error) => Err(mistake::explain(error, &(ctx.tree)(), &line)),
        Ok(_) => Ok(Reply::None),
    }
}
