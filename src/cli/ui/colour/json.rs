//! Colours a JSON document.

use super::paint::{Colour, paint};

/// The document `text` in colour.
pub(in super::super) fn colour(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 4);
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let length = match first {
            b'"' => string_length(rest),
            b' ' | b'\n' => run(rest, |byte| matches!(byte, b' ' | b'\n')),
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            _ => run(rest, |byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
            }),
        };
        let (piece, after) = rest.split_at(length.max(1));
        match first {
            b'"' if after.starts_with(':') => paint(&mut out, Colour::Key, piece),
            b'"' => paint(&mut out, Colour::Text, piece),
            b' ' | b'\n' => paint(&mut out, Colour::Blank, piece),
            b'{' | b'}' | b'[' | b']' | b',' | b':' => out.push_str(piece),
            _ => paint(&mut out, Colour::Literal, piece),
        }
        rest = after;
    }
    out
}

fn run(text: &str, accept: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| accept(*byte)).count()
}

/// Length of the string at the start of `text`, quotes included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_strings_numbers_and_blanks() {
        let expected = "{\x1b[37m\x1b[39;49;00m\n\x1b[37m  \x1b[39;49;00m\x1b[94m\"a\\\"\"\x1b[39;49;00m:\
                        \x1b[37m \x1b[39;49;00m[\x1b[34m-1.5e+20\x1b[39;49;00m,\x1b[33m\":\"\x1b[39;49;00m]}\
                        \x1b[37m\x1b[39;49;00m\n";
        assert_eq!(colour("{\n  \"a\\\"\": [-1.5e+20,\":\"]}\n"), expected);
    }
}
