//! The text of a YAML document with its bookkeeping: column, indentation, line folding.

use super::scalar::is_break;

/// Lines are folded at the first blank beyond this column.
const WIDTH: usize = 80;

#[derive(Debug)]
pub(super) struct Writer {
    out: String,
    column: usize,
    /// Whether the last thing written was white space.
    is_spaced: bool,
    /// Whether nothing but indentation and indicators stand on the line.
    is_indenting: bool,
    pub(super) indent: usize,
}

impl Writer {
    pub(super) fn new() -> Self {
        Writer {
            out: String::with_capacity(256),
            column: 0,
            is_spaced: true,
            is_indenting: true,
            indent: 0,
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn is_indenting(&self) -> bool {
        self.is_indenting
    }

    fn push(&mut self, text: &str) {
        self.column += if text.is_ascii() {
            text.len()
        } else {
            text.chars().count()
        };
        self.out.push_str(text);
    }

    /// A sign, set off by a blank.
    pub(super) fn indicator(&mut self, sign: &str) {
        if !self.is_spaced {
            self.push(" ");
        }
        self.closing(sign);
    }

    /// A sign that follows without a blank.
    pub(super) fn closing(&mut self, sign: &str) {
        self.push(sign);
        self.is_spaced = false;
        self.is_indenting = false;
    }

    /// `-`, `?` or `:` before a nested block, which may go on in the same line.
    pub(super) fn block_indicator(&mut self, sign: &str) {
        let is_indenting = self.is_indenting;
        self.indicator(sign);
        self.is_indenting = is_indenting;
    }

    /// Moves to the indentation of the block, on a new line unless this one is still blank.
    pub(super) fn write_indent(&mut self) {
        let is_used = !self.is_indenting
            || self.column > self.indent
            || (self.column == self.indent && !self.is_spaced);
        if is_used {
            self.break_line('\n');
        }
        if self.column < self.indent {
            self.is_spaced = true;
            self.out
                .extend(std::iter::repeat_n(' ', self.indent - self.column));
            self.column = self.indent;
        }
    }

    fn break_line(&mut self, ch: char) {
        self.out.push(ch);
        self.column = 0;
        self.is_spaced = true;
        self.is_indenting = true;
    }

    /// Text as it is, folded at single blanks where `is_split`.
    pub(super) fn plain(&mut self, text: &str, is_split: bool) {
        if !self.is_spaced {
            self.push(" ");
        }
        self.is_spaced = false;
        self.is_indenting = false;
        let mut rest = text;
        while let Some(start) = rest.find(' ') {
            self.push(&rest[..start]);
            let blanks = rest[start..]
                .find(|ch| ch != ' ')
                .unwrap_or(rest.len() - start);
            if is_split && blanks == 1 && self.column > WIDTH {
                self.write_indent();
                self.is_spaced = false;
                self.is_indenting = false;
            } else {
                self.push(&rest[start..start + blanks]);
            }
            rest = &rest[start + blanks..];
        }
        self.push(rest);
    }

    /// Text in single quotes: quotes doubled, line breaks doubled, folded at single blanks where `is_split`.
    pub(super) fn single_quoted(&mut self, text: &str, is_split: bool) {
        self.indicator("'");
        let mut position = 0;
        while let Some(ch) = text[position..].chars().next() {
            let rest = &text[position..];
            let run =
                |belongs: fn(char) -> bool| rest.find(|ch| !belongs(ch)).unwrap_or(rest.len());
            let length = match ch {
                ' ' => {
                    let length = run(|ch| ch == ' ');
                    let is_inside = position != 0 && length < rest.len();
                    if is_split && length == 1 && is_inside && self.column > WIDTH {
                        self.write_indent();
                    } else {
                        self.push(&rest[..length]);
                    }
                    length
                }
                '\'' => {
                    self.push("''");
                    1
                }
                _ if is_break(ch) => {
                    let length = run(is_break);
                    self.breaks(&rest[..length]);
                    length
                }
                _ => {
                    let length = run(|ch| ch != ' ' && ch != '\'' && !is_break(ch));
                    self.push(&rest[..length]);
                    length
                }
            };
            position += length;
        }
        self.closing("'");
    }

    /// Line breaks inside single quotes, where a reader folds the first of them away.
    fn breaks(&mut self, breaks: &str) {
        if breaks.starts_with('\n') {
            self.break_line('\n');
        }
        breaks.chars().for_each(|ch| self.break_line(ch));
        self.write_indent();
    }

    /// Text in double quotes, with escapes, folded at blanks where `is_split`.
    pub(super) fn double_quoted(&mut self, text: &str, is_split: bool) {
        self.indicator("\"");
        let chars: Vec<char> = text.chars().collect();
        // The characters from here on are still to be written.
        let mut start = 0;
        for end in 0..=chars.len() {
            let ch = chars.get(end).copied();
            if ch.is_none_or(needs_escape) {
                self.chars(&chars[start..end]);
                start = end;
                if let Some(ch) = ch {
                    self.push(&escape(ch));
                    start = end + 1;
                }
            }
            let is_inside = 0 < end && end + 1 < chars.len();
            let is_foldable = is_inside && (ch == Some(' ') || start >= end);
            let ahead = end.saturating_sub(start);
            if !(is_split && is_foldable)
                || (self.column + ahead).saturating_sub(start.saturating_sub(end)) <= WIDTH
            {
                continue;
            }
            if start < end {
                self.chars(&chars[start..end]);
                start = end;
            }
            self.push("\\");
            self.write_indent();
            self.is_spaced = false;
            self.is_indenting = false;
            if chars[start] == ' ' {
                self.push("\\");
            }
        }
        self.closing("\"");
    }

    fn chars(&mut self, chars: &[char]) {
        self.column += chars.len();
        self.out.extend(chars);
    }
}

fn needs_escape(ch: char) -> bool {
    let is_shown = matches!(ch, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}');
    !is_shown || matches!(ch, '"' | '\\' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn escape(ch: char) -> String {
    let short = match ch {
        '\0' => '0',
        '\x07' => 'a',
        '\x08' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\x0b' => 'v',
        '\x0c' => 'f',
        '\r' => 'r',
        '\x1b' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            return match ch as u32 {
                code @ 0..=0xff => format!("\\x{code:02X}"),
                code @ 0x100..=0xffff => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}
