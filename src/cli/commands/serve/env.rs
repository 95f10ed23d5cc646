//! `acr serve env`

use super::settings::FolderArgs;
use crate::cli::config::variables;
use crate::cli::context::Contexts;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use acr_server::lifecycle::{self, DataDir, Shell, environment};

/// Print the lines that point a shell's az, curl and docker at the server
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
    let context = context_to_name(ctx, &data_dir)?;
    let lines = environment(&data_dir, shell, &variables()?, context.as_deref())?;
    if !lifecycle::is_running(&data_dir)? {
        ctx.console.warn(&format!(
            "No server runs in {}: these lines are of the last one.",
            data_dir.path().display()
        ));
    }
    Ok(Reply::Text(lines))
}

/// The context that leads to the server, unless commands go there anyway. Without one az and this program part ways in
/// that shell, which is said.
fn context_to_name(ctx: &Ctx, data_dir: &DataDir) -> Result<Option<String>, CliError> {
    let contexts = Contexts::load(ctx.settings.environment.config_folder())?;
    let in_use = ctx.settings.context_name(&contexts);
    let admin_file = data_dir.admin_file();
    let leads_there = |name: &&String| contexts.servers[*name].admin_file == admin_file;
    let mut names = contexts.servers.keys().filter(leads_there);
    if names.clone().any(|name| *name == in_use) {
        return Ok(None);
    }
    let name = names.next().cloned();
    if name.is_none() {
        ctx.console.warn(&format!(
            "These lines are for az and others; acr goes on to '{in_use}'. For a context that leads here: acr context add NAME --admin-file {}",
            admin_file.display()
        ));
    }
    Ok(name)
}
