//! The files made from the command tree: completions for each shell and a man page for each command.

use super::error::CliError;
use clap::Command;
use clap_complete::env::Shells;
use std::path::Path;

/// A shell, as the completion engine names it, and the file its completion goes to.
const SHELLS: [(&str, &str); 4] = [
    ("bash", "acr.bash"),
    ("zsh", "_acr"),
    ("fish", "acr.fish"),
    ("powershell", "acr.ps1"),
];

/// Writes all files into the folders `completions` and `man` of a folder.
pub(crate) fn write(folder: &Path, tree: &Command) -> Result<(), CliError> {
    let completions = folder.join("completions");
    std::fs::create_dir_all(&completions)?;
    for (shell, file) in SHELLS {
        std::fs::write(completions.join(file), completion(shell)?)?;
    }
    let man = folder.join("man");
    std::fs::create_dir_all(&man)?;
    let mut tree = tree.clone().disable_help_flag(false);
    tree.build();
    write_man(&man, "acr", &tree)
}

/// The lines that make a shell complete `acr`.
pub(crate) fn completion(shell: &str) -> Result<Vec<u8>, CliError> {
    let shells = Shells::builtins();
    let completer = shells.completer(shell).ok_or_else(|| {
        CliError::usage(format!("there is no completion for the shell {shell:?}"))
    })?;
    let mut lines = Vec::new();
    completer.write_registration("COMPLETE", "acr", "acr", "acr", &mut lines)?;
    Ok(lines)
}

/// Writes the page of a command and those of its subcommands, `acr-<words>.1` each.
fn write_man(folder: &Path, name: &str, command: &Command) -> Result<(), CliError> {
    let page = clap_mangen::Man::new(command.clone().name(name.to_owned()).display_name(name));
    let mut text = Vec::new();
    page.render(&mut text)?;
    std::fs::write(folder.join(format!("{name}.1")), text)?;
    for subcommand in command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        write_man(
            folder,
            &format!("{name}-{}", subcommand.get_name()),
            subcommand,
        )?;
    }
    Ok(())
}
