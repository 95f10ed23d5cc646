//! The person's end of stderr and stdin: warnings, questions, progress.

use super::error::CliError;
use super::ui::progress::{Progress, Spinner};
use super::ui::prompt::{Prompt, PromptError};
use std::io::{BufRead, IsTerminal, Write};

/// Where messages go. Data never passes through here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    /// Whether only errors are shown.
    pub is_quiet: bool,
    /// Whether and how progress is shown.
    pub progress: Progress,
}

impl Console {
    /// Shows a line on stderr that starts with `WARNING: `, unless only errors are wanted.
    pub(crate) fn warn(&self, message: &str) {
        if !self.is_quiet {
            write_line(&format!("WARNING: {message}"));
        }
    }

    /// Shows a line on stderr as it is, unless only errors are wanted.
    pub(crate) fn note(&self, message: &str) {
        if !self.is_quiet {
            write_line(message);
        }
    }

    /// Shows an error.
    pub(crate) fn fail(&self, error: &CliError) {
        for line in error.lines() {
            write_line(&line);
        }
    }

    /// Asks before something that cannot be undone; `yes` answers in advance.
    pub(crate) fn confirm(&self, question: &str, yes: bool) -> Result<(), CliError> {
        if self.agrees(question, yes)? {
            Ok(())
        } else {
            Err(CliError::failed("Operation cancelled."))
        }
    }

    /// Asks whether to go on; `yes` answers in advance.
    pub(crate) fn agrees(&self, question: &str, yes: bool) -> Result<bool, CliError> {
        if yes {
            return Ok(true);
        }
        let input = std::io::stdin();
        let is_terminal = input.is_terminal();
        let mut prompt = Prompt::new(input.lock(), std::io::stderr(), is_terminal);
        prompt.yes_no(question, None).map_err(|error| match error {
            PromptError::NoTty => CliError::failed(
                "Unable to prompt for confirmation as no tty available. Use --yes.",
            ),
            error => CliError::failed(error.to_string()),
        })
    }

    /// Shows that something is under way until the guard is dropped; only on a terminal.
    pub(crate) fn progress(&self, message: &'static str) -> Spinner {
        self.progress.spinner(message)
    }

    /// Whether there is somebody to ask.
    pub(crate) fn can_ask(&self) -> bool {
        std::io::stdin().is_terminal()
    }

    /// A line that a person types.
    pub(crate) fn line(&self, question: &str) -> Result<String, CliError> {
        let terminal = console::Term::stderr();
        terminal.write_str(question)?;
        Ok(terminal.read_line()?)
    }

    /// A secret: typed unseen at a terminal, or the first line of a pipe.
    pub(crate) fn secret(&self, question: &str) -> Result<acr_http::Secret, CliError> {
        let input = std::io::stdin();
        let line = if input.is_terminal() {
            let terminal = console::Term::stderr();
            terminal.write_str(question)?;
            terminal.read_secure_line()?
        } else {
            let mut line = String::new();
            input.lock().read_line(&mut line)?;
            line
        };
        Ok(acr_http::Secret::new(line.trim_end_matches(['\r', '\n'])))
    }
}

fn write_line(line: &str) {
    // Nothing can be done for a message whose stream is gone.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
