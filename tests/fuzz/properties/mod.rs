//! One file for each target: what must hold whatever the input is.

pub mod archive;
pub mod challenge;
pub mod manifest;
pub mod metadata;
pub mod range;
pub mod reference;
pub mod scope;
mod tar_script;

/// No refusal is longer than this: it ends in a log or in a terminal, and quotes what was refused.
const LONGEST_MESSAGE_BYTES: usize = 4096;

/// The text up to the first line feed, and what follows.
fn first_line(input: &[u8]) -> Option<(&str, &[u8])> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    let line = str::from_utf8(&input[..end]).ok()?;
    Some((line, &input[end + 1..]))
}

/// That a refusal is short and holds no character that could move a cursor.
fn is_fit_for_a_log(refusal: &impl std::fmt::Display) {
    let text = refusal.to_string();
    assert!(
        !text.is_empty() && text.len() <= LONGEST_MESSAGE_BYTES,
        "{}",
        text.len()
    );
    assert!(!text.contains(|c: char| c.is_control()), "{text:?}");
}
