//! Signs of life on standard error while an operation runs.

use std::{
    borrow::Cow,
    io::{self, IsTerminal as _},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Between two pictures of a spinner.
const FRAME: Duration = Duration::from_millis(100);

/// Whether and how progress is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    is_shown: bool,
    colour: bool,
}

impl Progress {
    /// Shows progress if standard error is a terminal and nothing asks for quiet.
    pub(crate) fn on_stderr(is_quiet: bool, colour: bool) -> Self {
        Progress {
            is_shown: !is_quiet && io::stderr().is_terminal(),
            colour,
        }
    }

    /// Starts a spinner that goes on until the guard is dropped.
    pub(crate) fn spinner(self, message: impl Into<Cow<'static, str>>) -> Spinner {
        let target = if self.is_shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target).with_message(message);
        let template = if self.colour {
            "{spinner:.cyan} {msg}"
        } else {
            "{spinner} {msg}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        if self.is_shown {
            bar.enable_steady_tick(FRAME);
        }
        Spinner { bar }
    }
}

/// A spinner; dropping it wipes it off the screen.
#[derive(Debug)]
pub(crate) struct Spinner {
    bar: ProgressBar,
}

impl Spinner {
    /// Says what is going on now.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "no operation so far tells its steps")
    )]
    pub(crate) fn set_message(&self, message: impl Into<Cow<'static, str>>) {
        self.bar.set_message(message);
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_spinner_draws_nothing_and_still_works() {
        let spinner = Progress::on_stderr(true, false).spinner("Running ..");
        assert!(spinner.bar.is_hidden());
        spinner.set_message("Finishing ..");
        assert_eq!(spinner.bar.message(), "Finishing ..");
    }
}
