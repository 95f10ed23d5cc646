//! Questions to the person at the terminal.

use std::io::{self, BufRead, Write};

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PromptError {
    #[error("there is no terminal to ask on")]
    NoTty,
    #[error("the input ended before an answer was given")]
    Closed,
    #[error("asking failed: {0}")]
    Io(#[from] io::Error),
}

/// Where questions go and answers come from.
#[derive(Debug)]
pub(crate) struct Prompt<R, W> {
    input: R,
    output: W,
    is_terminal: bool,
}

impl<R: BufRead, W: Write> Prompt<R, W> {
    /// Asks on `output` and reads from `input`, which `is_terminal` or must not be asked.
    pub(crate) fn new(input: R, output: W, is_terminal: bool) -> Self {
        Prompt {
            input,
            output,
            is_terminal,
        }
    }

    /// Asks until the answer is `y` or `n`, in either case; a bare Enter is `default` if there is one.
    pub(crate) fn yes_no(
        &mut self,
        question: &str,
        default: Option<bool>,
    ) -> Result<bool, PromptError> {
        if !self.is_terminal {
            return Err(PromptError::NoTty);
        }
        let choices = match default {
            None => "y/n",
            Some(true) => "Y/n",
            Some(false) => "y/N",
        };
        loop {
            write!(self.output, "{question} ({choices}): ")?;
            self.output.flush()?;
            let mut line = String::new();
            if self.input.read_line(&mut line)? == 0 {
                return Err(PromptError::Closed);
            }
            match (line.trim_end_matches(['\r', '\n']), default) {
                ("y" | "Y", _) => return Ok(true),
                ("n" | "N", _) => return Ok(false),
                ("", Some(default)) => return Ok(default),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(input: &str, default: Option<bool>) -> (Result<bool, PromptError>, String) {
        let mut output = Vec::new();
        let answer = Prompt::new(input.as_bytes(), &mut output, true).yes_no("Delete?", default);
        (answer, String::from_utf8(output).unwrap())
    }

    #[test]
    fn asks_again_until_it_understands() {
        let (answer, shown) = ask("\nyes\n?\nY\r\n", None);
        assert!(answer.unwrap());
        assert_eq!(shown, "Delete? (y/n): ".repeat(4));
    }

    #[test]
    fn enter_takes_the_default() {
        let (answer, shown) = ask("\n", Some(false));
        assert!(!answer.unwrap());
        assert_eq!(shown, "Delete? (y/N): ");
        assert!(ask("\n", Some(true)).0.unwrap());
        assert!(!ask("n\n", Some(true)).0.unwrap());
    }

    #[test]
    fn no_terminal_and_no_more_input_are_errors() {
        let mut output = Vec::new();
        let answer = Prompt::new("y\n".as_bytes(), &mut output, false).yes_no("Delete?", None);
        assert!(matches!(answer, Err(PromptError::NoTty)));
        assert!(output.is_empty());
        assert!(matches!(ask("maybe\n", None).0, Err(PromptError::Closed)));
    }
}
