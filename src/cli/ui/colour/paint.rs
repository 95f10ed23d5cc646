//! Writes pieces of a document in colour.

#[derive(Debug, Clone, Copy)]
pub(super) enum Colour {
    Key,
    Text,
    /// Numbers, booleans and null.
    Literal,
    Blank,
    /// What a plain eye might miss: references and the blanks inside quotes.
    Variable,
    /// The mark that ends a document.
    Mark,
    /// Unusual white space, which would not be seen otherwise.
    Odd,
}

impl Colour {
    fn code(self) -> &'static str {
        match self {
            Colour::Key => "\x1b[94m",
            Colour::Text => "\x1b[33m",
            Colour::Literal => "\x1b[34m",
            Colour::Blank => "\x1b[37m",
            Colour::Variable => "\x1b[31m",
            Colour::Mark => "\x1b[04m\x1b[36m",
            Colour::Odd => "\x1b[04m\x1b[91m",
        }
    }
}

const RESET: &str = "\x1b[39;49;00m";

/// Appends `text`, the colour ending with each line so that a pager can cut anywhere.
pub(super) fn paint(out: &mut String, colour: Colour, text: &str) {
    for line in text.split_inclusive(is_break) {
        out.push_str(colour.code());
        let bare = line.strip_suffix('\n').unwrap_or(line);
        out.push_str(bare);
        out.push_str(RESET);
        if bare.len() < line.len() {
            out.push('\n');
        }
    }
}

fn is_break(ch: char) -> bool {
    matches!(ch, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
