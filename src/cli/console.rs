//! The person's end of stderr and stdin: warnings, questions, progress.

use super::config::Settings;
use super::error::CliError;
use super::ui::progress::{Progress, Spinner};
use super::ui::prompt::{Prompt, PromptError};
use std::borrow::Cow;
use std::io::{BufRead, IsTerminal};

/// Where messages go. Data never passes through here.
#[derive(Debug, Clone)]
pub(crate) struct Console {
    /// Whether only errors are shown.
    pub is_quiet: bool,
    /// Whether and how progress is shown.
    pub progress: Progress,
}

impl Console {
    /// The one that a run's settings ask for.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            is_quiet: settings.is_quiet,
            progress: settings.progress.clone(),
        }
    }

    /// Shows a line on stderr that starts with `WARNING: `, unless only errors are wanted.
    pub(crate) fn warn(&self, message: &str) {
        if !self.is_quiet {
            self.write_line(&format!("WARNING: {message}"));
        }
    }

    /// Shows a line on stderr as it is, unless only errors are wanted.
    pub(crate) fn note(&self, message: &str) {
        if !self.is_quiet {
            self.write_line(message);
        }
    }

    /// Shows an error.
    pub(crate) fn fail(&self, error: &CliError) {
        for line in error.lines() {
            self.write_line(&line);
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

    /// A secret, such as a `Password`: typed unseen at a terminal, or the first line of a pipe. A pipe with nothing in it
    /// is most likely a variable that is not set, so that is told.
    pub(crate) async fn secret(&self, what: &str) -> Result<acr_http::Secret, CliError> {
        let question = format!("{what}: ");
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
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() && !self.can_ask() {
            let what = what.to_lowercase();
            return Err(CliError::failed(format!("Standard input held no {what}."))
                .hint("Is the variable or file that it comes from there, and not empty?"));
        }
        Ok(acr_http::Secret::new(line))
    }

    fn write_line(&self, line: &str) {
        self.progress.write_line(&printable(line));
    }
}

/// Waits for a person beside everything else: Ctrl-C must be heard meanwhile.
async fn ask<T: Send + 'static>(
    question: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CliError> {
    let answer = tokio::task::spawn_blocking(question).await;
    answer.map_err(|error| CliError::failed(error.to_string()))
}

/// A text whose author may be anybody, made fit for a terminal: what would move its cursor, colour it or turn
/// its writing around is spelled out. Lines stay lines.
fn printable(text: &str) -> Cow<'_, str> {
    let is_harmful = |c: char| {
        let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || c.is_control() && !matches!(c, '\n' | '\t')
    };
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let spelled = text.chars().map(|c| match is_harmful(c) {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    });
    Cow::Owned(spelled.collect())
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_would_act_on_a_terminal_is_spelled_out() {
        let hostile = "no tag \u{1b}[2Jv1\r\u{202e}gpj\nnext é\t";
        let shown = r"no tag \u{1b}[2Jv1\r\u{202e}gpj".to_owned() + "\nnext é\t";
        assert_eq!(printable(hostile), shown);
    }
}
