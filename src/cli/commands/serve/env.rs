//! `acr serve env`

use super::settings::FolderArgs;
use crate::cli::config::variables;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use acr_server::lifecycle::{self, Shell, environment};

/// Print the lines that point a shell's az, curl and docker at the server.
///
/// eval "$(acr serve env)"
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(flatten)]
    folder: FolderArgs,
    /// The shell.
    #[arg(long, value_name = "SHELL", default_value = "sh", value_parser = ["sh", "fish", "powershell"])]
    shell: String,
}

pub(crate) fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let shell = match args.shell.as_str() {
        "fish" => Shell::Fish,
        "powershell" => Shell::PowerShell,
        _ => Shell::Posix,
    };
    let data_dir = args.folder.data_dir(ctx)?;
    let lines = environment(&data_dir, shell, &variables())?;
    if !lifecycle::is_running(&data_dir)? {
        ctx.console.warn(&format!(
            "No server runs in {}: these lines are of the last one.",
            data_dir.path().display()
        ));
    }
    Ok(Reply::Text(lines))
}
