//! Chooses how a text is written: plain, in single or in double quotes.

use super::implicit::is_not_text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
}

/// The style of `text`, more careful where it `is_key`.
pub(super) fn style(text: &str, is_key: bool) -> Style {
    let found = Analysis::of(text);
    if found.allows_plain && !is_not_text(text) {
        Style::Plain
    } else if found.allows_single && !(is_key && found.is_multiline) {
        Style::Single
    } else {
        Style::Double
    }
}

/// Whether a key can stand before its colon without the long form `? key`.
pub(super) fn is_simple_key(text: &str) -> bool {
    /// A key of 128 characters is too long, five of which the reader's own tag takes.
    const LONGEST: usize = 122;
    !text.is_empty()
        && (text.len() <= LONGEST || text.chars().count() <= LONGEST)
        && !text.contains(is_break)
}

pub(super) fn is_break(ch: char) -> bool {
    matches!(ch, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_space(ch: char) -> bool {
    is_break(ch) || matches!(ch, '\0' | ' ' | '\t' | '\r')
}

/// Whether a character can be written outside double quotes.
fn is_ordinary(ch: char) -> bool {
    matches!(ch, '\n' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10fffe}')
        && ch != '\u{feff}'
}

struct Analysis {
    is_multiline: bool,
    allows_plain: bool,
    allows_single: bool,
}

impl Analysis {
    fn of(text: &str) -> Self {
        let mut is_multiline = false;
        let mut has_indicator = text.starts_with("---") || text.starts_with("...");
        let mut has_special = false;
        let mut has_space_after_break = false;
        let mut has_space_before_break = false;
        let mut previous = None;
        let mut chars = text.chars().peekable();
        while let Some(ch) = chars.next() {
            let is_followed = chars.peek().is_none_or(|next| is_space(*next));
            has_indicator |= match ch {
                '#' => previous.is_none_or(is_space),
                ':' => is_followed,
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
                | '@' | '`' => previous.is_none(),
                '?' | '-' => previous.is_none() && is_followed,
                _ => false,
            };
            is_multiline |= is_break(ch);
            has_special |= !is_ordinary(ch);
            has_space_after_break |= ch == ' ' && previous.is_some_and(is_break);
            has_space_before_break |= is_break(ch) && previous == Some(' ');
            previous = Some(ch);
        }
        let is_padded = text.starts_with(' ') || previous == Some(' ');
        let is_quotable = !has_space_before_break && !has_special;
        Analysis {
            is_multiline,
            allows_plain: is_quotable
                && !is_padded
                && !has_space_after_break
                && !is_multiline
                && !has_indicator,
            allows_single: is_quotable && !has_space_after_break,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_where_nothing_can_be_misread() {
        for text in ["a b", "a:b", "a#b", "-a", "?a", "/a", "a, b", "é😀", "a'b"] {
            assert_eq!(style(text, false), Style::Plain, "{text}");
        }
    }

    #[test]
    fn single_quotes_for_indicators_and_doubtful_text() {
        for text in [
            "", " a", "a ", "a: b", "a:", "a #b", "- a", "-", "@a", "---a", "yes", "a\nb", "\n",
        ] {
            assert_eq!(style(text, false), Style::Single, "{text}");
        }
    }

    #[test]
    fn double_quotes_where_only_escapes_keep_the_text() {
        for text in ["a \nb", "a\n b", "\t", "a\r", "\u{7f}", "\u{feff}"] {
            assert_eq!(style(text, false), Style::Double, "{text}");
        }
        assert_eq!(style("a\nb", true), Style::Double);
    }
}
