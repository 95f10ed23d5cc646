//! `acr completion`

use crate::cli::error::CliError;
use crate::cli::generate;
use crate::cli::reply::Reply;

/// Print the lines that make a shell complete `acr`
///
/// bash: source <(acr completion bash)
/// zsh: source <(acr completion zsh)
/// fish: acr completion fish | source
/// PowerShell: acr completion powershell | Out-String | Invoke-Expression
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The shell.
    #[arg(value_parser = ["bash", "zsh", "fish", "powershell"])]
    shell: String,
}

pub(crate) fn run(args: Args) -> Result<Reply, CliError> {
    let lines = generate::completion(&args.shell)?;
    Ok(Reply::Text(String::from_utf8_lossy(&lines).into_owned()))
}
