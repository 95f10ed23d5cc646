//! Colours a YAML document of the kind this program writes: block style, quoted or plain text.

use super::paint::{Colour, paint};

/// The document `text` in colour.
pub(in super::super) fn colour(text: &str) -> String {
    let mut painter = Painter {
        out: String::with_capacity(text.len() * 4),
        text,
        position: 0,
    };
    while !painter.rest().is_empty() {
        painter.line();
    }
    painter.out
}

struct Painter<'t> {
    out: String,
    text: &'t str,
    position: usize,
}

impl<'t> Painter<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.position..]
    }

    fn column(&self) -> usize {
        let start = self.text[..self.position]
            .rfind('\n')
            .map_or(0, |index| index + 1);
        self.position - start
    }

    fn skip(&mut self, length: usize) -> &'t str {
        let piece = &self.rest()[..length];
        self.position += length;
        piece
    }

    fn paint(&mut self, colour: Colour, length: usize) {
        let piece = self.skip(length);
        if !piece.is_empty() {
            paint(&mut self.out, colour, piece);
        }
    }

    fn plain(&mut self, length: usize) {
        let piece = self.skip(length);
        self.out.push_str(piece);
    }

    fn blanks(&mut self) {
        self.paint(Colour::Blank, run(self.rest(), |ch| ch == ' '));
    }

    /// One line and the lines a scalar on it goes on to, with the break at the end.
    fn line(&mut self) {
        if self.rest() == "...\n" {
            self.paint(Colour::Mark, 3);
        }
        self.blanks();
        let mut indent = None;
        while self.rest().starts_with(['-', '?', ':']) && is_sign(self.rest()) {
            indent = Some(self.column());
            self.plain(1);
            self.blanks();
        }
        let content = self.column();
        while let Some(first) = self.rest().chars().next() {
            match first {
                '\n' => break,
                ' ' => self.blanks(),
                '[' | '{' => self.plain(2),
                '&' => self.plain(run(self.rest(), |ch| !ch.is_whitespace())),
                '*' => self.paint(Colour::Variable, run(self.rest(), |ch| !ch.is_whitespace())),
                '\'' => self.single_quoted(),
                '"' => self.double_quoted(),
                ':' if is_sign(self.rest()) => {
                    indent = Some(content);
                    self.plain(1);
                }
                _ => match key_length(self.rest()) {
                    Some(length) => self.paint(Colour::Key, length),
                    None if first == '\u{a0}' => self.odd(),
                    None => self.scalar(indent),
                },
            }
        }
        self.paint(Colour::Blank, usize::from(!self.rest().is_empty()));
    }

    /// Plain text, with the deeper lines it is folded into.
    fn scalar(&mut self, indent: Option<usize>) {
        loop {
            let line = run(self.rest(), |ch| ch != '\n');
            // Only a key can be followed by a colon here.
            let length = (0..line)
                .find(|index| is_colon(self.rest(), *index))
                .unwrap_or(line);
            self.words(length);
            let after = self.rest().strip_prefix('\n').unwrap_or("");
            let depth = run(after, |ch| ch == ' ');
            let goes_on = length == line && depth > 0 && indent.is_none_or(|indent| depth > indent);
            if !goes_on {
                return;
            }
            self.paint(Colour::Blank, 1);
            self.blanks();
        }
    }

    fn single_quoted(&mut self) {
        self.paint(Colour::Text, 1);
        loop {
            if self.rest().starts_with("''") {
                self.paint(Colour::Text, 2);
            } else if self.rest().starts_with('\'') {
                return self.paint(Colour::Text, 1);
            } else if !self.white() {
                let length = run(self.rest(), |ch| !ch.is_whitespace() && ch != '\'');
                if length == 0 {
                    return;
                }
                self.paint(Colour::Text, length);
            }
        }
    }

    fn double_quoted(&mut self) {
        self.paint(Colour::Text, 1);
        loop {
            if self.rest().starts_with('"') {
                return self.paint(Colour::Text, 1);
            } else if self.rest().starts_with('\\') {
                let digits = match self.rest().as_bytes().get(1) {
                    Some(b'x') => 2,
                    Some(b'u') => 4,
                    Some(b'U') => 8,
                    _ => 0,
                };
                self.paint(Colour::Text, 2 + digits);
            } else if !self.white() {
                let length = run(self.rest(), |ch| {
                    !ch.is_whitespace() && ch != '"' && ch != '\\'
                });
                if length == 0 {
                    return;
                }
                self.paint(Colour::Text, length);
            }
        }
    }

    /// A piece of plain text.
    fn words(&mut self, length: usize) {
        let end = self.position + length;
        while self.position < end {
            let piece = &self.text[self.position..end];
            match run(piece, |ch| !is_odd(ch)) {
                0 => self.odd(),
                length => self.plain(length),
            }
        }
    }

    fn odd(&mut self) {
        self.paint(
            Colour::Odd,
            self.rest().chars().next().map_or(0, char::len_utf8),
        );
    }

    /// White space between quotes, if there is any here: indentation and breaks, or blanks that count.
    fn white(&mut self) -> bool {
        let is_line_start = self.column() == 0;
        match self.rest().chars().next() {
            Some('\n') => self.paint(Colour::Blank, 1),
            Some(' ') if is_line_start => self.blanks(),
            Some(' ' | '\u{a0}') => {
                self.paint(
                    Colour::Variable,
                    run(self.rest(), |ch| ch == ' ' || ch == '\u{a0}'),
                );
            }
            Some(ch) if is_odd(ch) => self.odd(),
            _ => return false,
        }
        true
    }
}

/// White space that is neither a blank nor a line break to YAML.
fn is_odd(ch: char) -> bool {
    ch.is_whitespace() && !matches!(ch, ' ' | '\u{a0}' | '\n')
}

fn run(text: &str, accept: impl Fn(char) -> bool) -> usize {
    text.find(|ch| !accept(ch)).unwrap_or(text.len())
}

/// Whether the sign `text` starts with stands alone.
fn is_sign(text: &str) -> bool {
    matches!(text.as_bytes().get(1), None | Some(b' ' | b'\n'))
}

fn is_colon(text: &str, index: usize) -> bool {
    text.as_bytes()[index] == b':' && is_sign(&text[index..])
}

/// Length of the key before the last colon of the line, if only a key's characters stand there.
fn key_length(text: &str) -> Option<usize> {
    let line = run(text, |ch| {
        !matches!(
            ch,
            '#' | ',' | '?' | '[' | ']' | '{' | '}' | '"' | '\'' | '\n'
        )
    });
    (1..line).rev().find(|index| is_colon(text, *index))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Colours spelled as letters: `k`ey, `t`ext, `b`lank, `v`ariable, `m`ark.
    fn spelled(text: &str) -> String {
        let codes = [("94m", 'k'), ("33m", 't'), ("37m", 'b'), ("31m", 'v')];
        let mut coloured = colour(text)
            .replace("\x1b[04m\x1b[36m", "<m ")
            .replace("\x1b[39;49;00m", ">");
        for (code, letter) in codes {
            coloured = coloured.replace(&format!("\x1b[{code}"), &format!("<{letter} "));
        }
        coloured
    }

    #[test]
    fn keys_items_and_plain_text() {
        assert_eq!(spelled("a b: c d\n"), "<k a b>:<b  >c d<b >\n");
        assert_eq!(
            spelled("- k: []\n  l: &x {}\n- *x\n"),
            "-<b  ><k k>:<b  >[]<b >\n<b   ><k l>:<b  >&x<b  >{}<b >\n-<b  ><v *x><b >\n"
        );
        assert_eq!(spelled("k: a\n  b\n"), "<k k>:<b  >a<b >\n<b   >b<b >\n");
        assert_eq!(spelled("x\n...\n"), "x<b >\n<m ...><b >\n");
    }

    #[test]
    fn quoted_text() {
        assert_eq!(
            spelled("'a': 'it''s b'\n"),
            "<t '><t a><t '>:<b  ><t '><t it><t ''><t s><v  ><t b><t '><b >\n"
        );
        assert_eq!(
            spelled("k: \"a\\n\\x01\"\n"),
            "<k k>:<b  ><t \"><t a><t \\n><t \\x01><t \"><b >\n"
        );
    }
}
