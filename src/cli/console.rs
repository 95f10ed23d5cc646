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
    pub(crate) async fn confirm(&self, question: &str, yes: bool) -> Result<(), CliError> {
        if self.agrees(question, yes).await? {
            Ok(())
        } else {
            Err(CliError::failed("Operation cancelled."))
        }
    }

    /// Asks whether to go on; `yes` answers in advance.
    pub(crate) async fn agrees(&self, question: &str, yes: bool) -> Result<bool, CliError> {
        if yes {
            return Ok(true);
        }
        let question = question.to_owned();
        let answer = ask(move || {
            let input = std::io::stdin();
            let is_terminal = input.is_terminal();
            Prompt::new(input.lock(), std::io::stderr(), is_terminal).yes_no(&question, None)
        });
        answer.await?.map_err(|error| match error {
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
    pub(crate) async fn line(&self, question: &str) -> Result<String, CliError> {
        let terminal = console::Term::stderr();
        terminal.write_str(question)?;
        Ok(ask(move || terminal.read_line()).await??)
    }

    /// A secret: typed unseen at a terminal, or the first line of a pipe.
    pub(crate) async fn secret(&self, question: &str) -> Result<acr_http::Secret, CliError> {
        let question = question.to_owned();
        let line = ask(move || {
            let input = std::io::stdin();
            if input.is_terminal() {
                let terminal = console::Term::stderr();
                terminal.write_str(&question)?;
                return terminal.read_secure_line();
            }
            let mut line = String::new();
            input.lock().read_line(&mut line)?;
            Ok(line)
        });
        let line = line.await??;
        Ok(acr_http::Secret::new(line.trim_end_matches(['\r', '\n'])))
    }
}

/// Waits for a person beside everything else: Ctrl-C must be heard meanwhile.
async fn ask<T: Send + 'static>(
    question: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CliError> {
    let answer = tokio::task::spawn_blocking(question).await;
    answer.map_err(|error| CliError::failed(error.to_string()))
}

fn write_line(line: &str) {
    // Nothing can be done for a message whose stream is gone.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
