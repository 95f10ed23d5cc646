//! What is wrong with a command line, told the way az tells it.

use super::error::CliError;
use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use std::error::Error as _;
use std::ffi::OsString;
use std::num::{IntErrorKind, ParseIntError};

/// The commands and groups of `az acr` that this program does not have yet.
const OF_AZ_ALONE: &[&str] = &[
    "agentpool",
    "artifact-streaming",
    "build",
    "cache",
    "check-health",
    "connected-registry",
    "credential-set",
    "helm",
    "pack",
    "private-endpoint-connection",
    "private-link-resource",
    "replication",
    "run",
    "task",
    "taskrun",
    "webhook",
];

/// Says what was found wrong with a line, the program's own name included.
pub(crate) fn explain(mut error: Error, tree: &Command, line: &[OsString]) -> CliError {
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            if let Some(word) = of_az_alone(&error, tree, line) {
                return CliError::usage(format!(
                    "'{word}' is a command of az that acr does not have yet: use `az acr {word}`."
                ));
            }
            keep_visible_tips(&mut error, tree);
        }
        ErrorKind::InvalidUtf8 => return CliError::usage(illegible(line)),
        ErrorKind::ValueValidation => {
            if let Some(text) = wrong_number(&error) {
                return CliError::usage(text);
            }
        }
        _ => {}
    }
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    CliError::usage(text.trim_end())
}

/// The first word of a command that only az has.
fn of_az_alone(error: &Error, tree: &Command, line: &[OsString]) -> Option<&'static str> {
    let ContextValue::String(word) = error.get(ContextKind::InvalidSubcommand)? else {
        return None;
    };
    let known = OF_AZ_ALONE.iter().find(|known| *known == word)?;
    // Deeper in the tree the same word means nothing.
    let tree = tree.clone().ignore_errors(true);
    let is_first = |line: clap::ArgMatches| line.subcommand_name().is_none();
    let read = tree.try_get_matches_from(line);
    read.is_ok_and(is_first).then_some(known)
}

/// Takes the commands that no help shows from those that are offered instead.
fn keep_visible_tips(error: &mut Error, tree: &Command) {
    let Some(ContextValue::Strings(mut tips)) = error.remove(ContextKind::SuggestedSubcommand)
    else {
        return;
    };
    let hidden = tree
        .get_subcommands()
        .filter(|command| command.is_hide_set());
    let hidden: Vec<&str> = hidden.map(Command::get_name).collect();
    tips.retain(|tip| !hidden.contains(&tip.as_str()));
    if !tips.is_empty() {
        error.insert(
            ContextKind::SuggestedSubcommand,
            ContextValue::Strings(tips),
        );
    }
}

/// Which arguments are no text; clap does not say.
fn illegible(line: &[OsString]) -> String {
    let found = line.iter().filter(|argument| argument.to_str().is_none());
    let found: Vec<String> = found.map(|argument| format!("{argument:?}")).collect();
    format!("not UTF-8 text: {}", found.join(", "))
}

/// What is wrong with a number; clap tells it in the words of Rust.
fn wrong_number(error: &Error) -> Option<String> {
    let source = error.source()?;
    let (Some(ContextValue::String(option)), Some(ContextValue::String(value))) = (
        error.get(ContextKind::InvalidArg),
        error.get(ContextKind::InvalidValue),
    ) else {
        return None;
    };
    let is_negative = value.starts_with('-');
    let told = source.to_string();
    let range = told
        .split_once(" is not in ")
        .and_then(|(_, range)| range.split_once("..="));
    let wanted = match (source.downcast_ref::<ParseIntError>(), range) {
        (Some(error), _) => match error.kind() {
            IntErrorKind::Zero => "it has to be 1 at least".to_owned(),
            IntErrorKind::PosOverflow => "it is too large".to_owned(),
            IntErrorKind::NegOverflow => "it is too small".to_owned(),
            _ if is_negative => "it has to be a whole number, and no negative one".to_owned(),
            _ => "it has to be a whole number".to_owned(),
        },
        (None, Some((least, most))) => format!("it has to be from {least} to {most}"),
        (None, None) => return None,
    };
    Some(format!("invalid value '{value}' for '{option}': {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::{OF_AZ_ALONE, explain};
    use clap::{Arg, Command, value_parser};
    use std::ffi::OsString;

    fn said(line: &[&str]) -> String {
        let tree = Command::new("acr")
            .subcommand(Command::new("tag"))
            .subcommand(Command::new("util").hide(true))
            .subcommand(Command::new("group").subcommand(Command::new("show")))
            .subcommand(numbers());
        let line: Vec<OsString> = ["acr"].iter().chain(line).map(OsString::from).collect();
        let error = tree.clone().try_get_matches_from(&line).unwrap_err();
        explain(error, &tree, &line).lines().join("\n")
    }

    #[test]
    fn what_only_az_has_is_said_in_one_line() {
        for word in OF_AZ_ALONE {
            let text = said(&[word, "create", "--name", "x"]);
            assert!(text.contains(&format!("`az acr {word}`")), "{text}");
            assert_eq!(text.lines().count(), 1, "{text}");
        }
        let text = said(&["group", "task"]);
        assert!(!text.contains("az acr"), "{text}");
    }

    #[test]
    fn only_what_help_shows_is_offered() {
        let text = said(&["utl"]);
        assert!(!text.contains("tip"), "{text}");
        let text = said(&["tagg"]);
        assert!(text.contains("'tag'"), "{text}");
        let text = said(&["group", "sho"]);
        assert!(text.contains("'show'"), "{text}");
    }

    fn numbers() -> Command {
        let option = |name| Arg::new(name).long(name).allow_negative_numbers(true);
        Command::new("numbers").args([
            option("blobs").value_parser(value_parser!(std::num::NonZeroUsize)),
            option("days").value_parser(value_parser!(i64)),
            option("few").value_parser(value_parser!(u16).range(1..=32)),
        ])
    }

    #[test]
    fn wrong_numbers_are_told_in_words() {
        for (option, value, wanted) in [
            ("--blobs", "0", "1 at least"),
            ("--blobs", "-3", "no negative one"),
            ("--blobs", "many", "whole number"),
            ("--days", "1.5", "whole number"),
            ("--days", "99999999999999999999", "too large"),
            ("--days", "-99999999999999999999", "too small"),
            ("--few", "99", "from 1 to 32"),
            ("--few", "x", "whole number"),
        ] {
            let text = said(&["numbers", option, value]);
            let all = [option, value, wanted];
            assert!(all.iter().all(|part| text.contains(part)), "{text}");
            assert!(!text.contains("digit") && !text.contains(".."), "{text}");
        }
    }
}
