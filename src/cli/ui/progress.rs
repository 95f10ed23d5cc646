//! Signs of life on standard error while an operation runs.

use std::{
    borrow::Cow,
    io::{self, IsTerminal as _, Write as _},
    time::Duration,
};

use super::screen;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Between two pictures of a spinner.
const FRAME: Duration = Duration::from_millis(100);

/// Whether and how progress is shown. Clones draw on the same screen.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    shown: Shown,
    colour: bool,
    screen: MultiProgress,
}

/// In which form progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// As bars that move.
    Bars,
    /// As lines, where nothing can move.
    Lines,
    /// Not at all.
    Nothing,
}

impl Progress {
    /// Shows progress in the form that standard error allows, unless something asks for quiet.
    pub(crate) fn on_stderr(is_quiet: bool, colour: bool) -> Self {
        let shown = match (is_quiet, io::stderr().is_terminal()) {
            (true, _) => Shown::Nothing,
            (false, true) => Shown::Bars,
            (false, false) => Shown::Lines,
        };
        let target = match shown {
            Shown::Bars => screen::on_stderr(),
            Shown::Lines | Shown::Nothing => ProgressDrawTarget::hidden(),
        };
        Progress {
            shown,
            colour,
            screen: MultiProgress::with_draw_target(target),
        }
    }

    /// In which form progress is shown.
    pub(crate) fn shown(&self) -> Shown {
        self.shown
    }

    /// Where bars are drawn.
    pub(crate) fn screen(&self) -> &MultiProgress {
        &self.screen
    }

    /// Writes a line on standard error, above whatever moves there.
    pub(crate) fn write_line(&self, line: &str) {
        // Nothing can be done for a message whose stream is gone.
        let _ = self
            .screen
            .suspend(|| writeln!(io::stderr().lock(), "{line}"));
    }

    /// Starts a spinner that goes on until the guard is dropped.
    pub(crate) fn spinner(&self, message: impl Into<Cow<'static, str>>) -> Spinner {
        let bar = ProgressBar::new_spinner().with_message(message);
        let bar = self.screen.add(bar);
        let template = if self.colour {
            "{spinner:.cyan} {msg}"
        } else {
            "{spinner} {msg}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        if self.shown == Shown::Bars {
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
