//! Tells which plain text a YAML 1.1 reader would take for something other than a string.

/// Whether plain `text` would be read as a boolean, a number, a time, null or a special key.
pub(super) fn is_not_text(text: &str) -> bool {
    match text.as_bytes().first() {
        None => true,
        Some(b'0'..=b'9' | b'-' | b'+' | b'.') => is_number(text) || is_time(text),
        Some(_) => is_word(text),
    }
}

fn is_word(text: &str) -> bool {
    if matches!(text, "=" | "<<" | "~") {
        return true;
    }
    const WORDS: [&str; 7] = ["yes", "no", "true", "false", "on", "off", "null"];
    let is_cased = text.bytes().all(|byte| byte.is_ascii_lowercase())
        || text.bytes().all(|byte| byte.is_ascii_uppercase())
        || text.bytes().skip(1).all(|byte| byte.is_ascii_lowercase());
    is_cased && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn is_number(text: &str) -> bool {
    let is_signed = text.starts_with(['-', '+']);
    let unsigned = if is_signed { &text[1..] } else { text };
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return true,
        ".nan" | ".NaN" | ".NAN" => return !is_signed,
        _ => {}
    }
    let mut scan = Scan(unsigned.as_bytes());
    if scan.take(b'.') {
        // The digit after a leading dot cannot be an underscore, and no sign may stand before it.
        return !is_signed && scan.peek_digit() && {
            scan.skip(is_digit_or_underscore);
            scan.exponent() && scan.is_done()
        };
    }
    if !scan.peek_digit() {
        return false;
    }
    is_whole(unsigned) || {
        scan.skip(is_digit_or_underscore);
        let is_base_sixty = scan.sixtieths();
        let has_point = scan.take(b'.');
        scan.skip(is_digit_or_underscore);
        let is_finished = if is_base_sixty {
            scan.is_done()
        } else {
            scan.exponent() && scan.is_done()
        };
        has_point && is_finished
    }
}

fn is_whole(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    match bytes {
        [b'0'] => true,
        [b'0', b'b', rest @ ..] => {
            !rest.is_empty() && rest.iter().all(|byte| matches!(byte, b'0' | b'1' | b'_'))
        }
        [b'0', b'x', rest @ ..] => {
            !rest.is_empty()
                && rest
                    .iter()
                    .all(|byte| byte.is_ascii_hexdigit() || *byte == b'_')
        }
        [b'0', rest @ ..] => rest.iter().all(|byte| matches!(byte, b'0'..=b'7' | b'_')),
        _ => {
            let mut scan = Scan(bytes);
            scan.skip(is_digit_or_underscore);
            scan.sixtieths();
            scan.is_done()
        }
    }
}

/// A date, or a date with a time.
fn is_time(text: &str) -> bool {
    let mut scan = Scan(text.as_bytes());
    if scan.digits(4) != 4 || !scan.take(b'-') {
        return false;
    }
    let month = scan.digits(2);
    if month == 0 || !scan.take(b'-') {
        return false;
    }
    let day = scan.digits(2);
    if day == 0 {
        return false;
    }
    if scan.is_done() {
        return month == 2 && day == 2;
    }
    let is_separated = scan.take(b'T') || scan.take(b't') || scan.skip(is_blank) > 0;
    let is_clock = is_separated
        && scan.digits(2) > 0
        && scan.take(b':')
        && scan.digits(2) == 2
        && scan.take(b':')
        && scan.digits(2) == 2;
    if !is_clock {
        return false;
    }
    if scan.take(b'.') {
        scan.skip(|byte| byte.is_ascii_digit());
    }
    if scan.is_done() {
        return true;
    }
    scan.skip(is_blank);
    if scan.take(b'Z') {
        return scan.is_done();
    }
    let is_zone = (scan.take(b'+') || scan.take(b'-')) && scan.digits(2) > 0;
    is_zone && (scan.is_done() || (scan.take(b':') && scan.digits(2) == 2 && scan.is_done()))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_digit_or_underscore(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

/// What is still to be read.
struct Scan<'t>(&'t [u8]);

impl Scan<'_> {
    fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    fn peek_digit(&self) -> bool {
        self.0.first().is_some_and(u8::is_ascii_digit)
    }

    fn take(&mut self, byte: u8) -> bool {
        match self.0 {
            [first, rest @ ..] if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn skip(&mut self, accept: impl Fn(u8) -> bool) -> usize {
        let count = self.0.iter().take_while(|byte| accept(**byte)).count();
        self.0 = &self.0[count..];
        count
    }

    /// Skips up to `most` digits and says how many there were.
    fn digits(&mut self, most: usize) -> usize {
        let count = self
            .0
            .iter()
            .take(most)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        self.0 = &self.0[count..];
        count
    }

    /// Skips an exponent, which needs its sign; `false` for a broken one.
    fn exponent(&mut self) -> bool {
        if !self.take(b'e') && !self.take(b'E') {
            return true;
        }
        (self.take(b'+') || self.take(b'-')) && self.skip(|byte| byte.is_ascii_digit()) > 0
    }

    /// Skips `:59` groups and says whether there was any.
    fn sixtieths(&mut self) -> bool {
        let mut is_any = false;
        loop {
            match self.0 {
                [b':', b'0'..=b'5', b'0'..=b'9', rest @ ..] | [b':', b'0'..=b'9', rest @ ..] => {
                    self.0 = rest;
                    is_any = true;
                }
                _ => return is_any,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_kinds_than_text() {
        for text in [
            "",
            "~",
            "null",
            "Null",
            "yes",
            "NO",
            "On",
            "=",
            "<<",
            "0",
            "-1",
            "+1_000",
            "017",
            "0b11",
            "0xfF",
            "1:30",
            "12:30:45",
            "1.",
            "1.5e+3",
            ".5",
            "-.inf",
            ".NaN",
            "1:30.5",
            "2024-05-01",
            "2024-5-1T1:02:03",
            "2024-05-01T10:00:00.123Z",
            "2024-05-01 10:00:00 +02:00",
            "2024-05-01t10:00:00-5",
        ] {
            assert!(is_not_text(text), "{text}");
        }
    }

    #[test]
    fn text() {
        for text in [
            "yEs",
            "nULL",
            "y",
            "n",
            "08",
            "0b2",
            "0x",
            "1e3",
            "1.5e3",
            "-.5",
            ".",
            "-",
            "+",
            "-.nan",
            "1:60",
            "2024-5-1",
            "2024-05-01T10:00",
            "2024-05-01T10:00:00+02:0",
            "1.2.3",
            "v1",
            "...",
            "0o7",
            "._5",
        ] {
            assert!(!is_not_text(text), "{text}");
        }
    }
}
