//! For one command line, `az` and we end with the same exit code and print the same, to the letter.

use super::mask::mask;
use super::sweep::{Observation, expect_none, observations};
use super::world::Run;

#[test]
fn every_line_ends_with_the_exit_code_of_az() {
    judge(|az, ours| {
        (az.outcome.code != ours.outcome.code).then(|| {
            let codes = format!("exit code {}, we {}", az.outcome.code, ours.outcome.code);
            format!(
                "{codes}\n az: {}\n we: {}",
                az.outcome.stderr.trim(),
                ours.outcome.stderr.trim()
            )
        })
    });
}

#[test]
fn every_line_prints_what_az_prints() {
    judge(|az, ours| {
        let (expected, printed) = (mask(&az.outcome.stdout), mask(&ours.outcome.stdout));
        (expected != printed).then(|| format!("stdout\n{}", first_difference(&expected, &printed)))
    });
}

/// The words are ours, the shape is not: who greps for `ERROR:` or for the service's code finds it.
#[test]
fn every_failure_is_told_in_the_shape_of_az() {
    judge(|az, ours| {
        if az.outcome.code == 0 {
            return None;
        }
        let (said, theirs) = (&ours.outcome.stderr, &az.outcome.stderr);
        // Where a word is missing after a group, our answer is the help of the group.
        let needs_word = theirs.contains("arguments are required: _subcommand");
        let start = if needs_word { "Usage: " } else { "ERROR: " };
        let is_shaped = said.lines().any(|line| line.starts_with(start));
        let code = theirs.lines().find_map(|line| line.strip_prefix("Code: "));
        let has_code = code.is_none_or(|code| said.contains(code));
        (!is_shaped || !has_code).then(|| format!("stderr\n az: {theirs}\n we: {said}"))
    });
}

fn judge(difference: impl Fn(&Run, &Run) -> Option<String>) {
    let Some(observations) = observations() else {
        return;
    };
    let is_comparable = |one: &&Observation| one.line.az_breaks_off.is_none();
    let mut differences = Vec::new();
    for observation in observations.iter().filter(is_comparable) {
        for (way, ours) in observation.ours() {
            if let Some(what) = difference(&observation.az, ours) {
                differences.push(format!("acr {} ({way}): {what}", observation.line.text));
            }
        }
    }
    expect_none(&differences);
}

fn first_difference(expected: &str, printed: &str) -> String {
    let position = expected
        .lines()
        .zip(printed.lines())
        .take_while(|(a, b)| a == b)
        .count();
    let line = |text: &str| text.lines().nth(position).unwrap_or("(end)").to_owned();
    format!(
        " line {}\n az: {}\n we: {}",
        position + 1,
        line(expected),
        line(printed)
    )
}
