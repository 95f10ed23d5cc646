//! Moments as az writes them: to the microsecond, with the offset in digits.

/// Rewrites an RFC 3339 time; what is none stays as it is.
pub(super) fn iso(text: &str) -> String {
    let Some((clock, offset)) = split(text) else {
        return text.to_owned();
    };
    let (seconds, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let offset = if offset.eq_ignore_ascii_case("z") {
        "+00:00"
    } else {
        offset
    };
    let micros = &fraction[..fraction.len().min(6)];
    if micros.bytes().all(|digit| digit == b'0') {
        format!("{seconds}{offset}")
    } else {
        format!("{seconds}.{micros:0<6}{offset}")
    }
}

/// Splits a time from its offset, if it has the look of one.
fn split(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let looks_right = text.is_ascii()
        && bytes.len() >= 20
        && bytes[10] == b'T'
        && bytes[..4].iter().all(u8::is_ascii_digit);
    if !looks_right {
        return None;
    }
    let at = text[11..].find(['Z', 'z', '+', '-'])? + 11;
    let is_clock = text[11..at]
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b':' || byte == b'.');
    is_clock.then(|| text.split_at(at))
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn writes_microseconds_and_an_offset_in_digits() {
        for (sent, shown) in [
            (
                "2026-09-10T01:02:03.1234567Z",
                "2026-09-10T01:02:03.123456+00:00",
            ),
            (
                "2026-09-10T01:02:03.12+00:00",
                "2026-09-10T01:02:03.120000+00:00",
            ),
            ("2026-09-10T01:02:03Z", "2026-09-10T01:02:03+00:00"),
            ("2026-09-10T01:02:03.0000000Z", "2026-09-10T01:02:03+00:00"),
            ("2026-09-10T01:02:03-05:30", "2026-09-10T01:02:03-05:30"),
        ] {
            assert_eq!(iso(sent), shown);
        }
    }

    #[test]
    fn leaves_alone_what_is_no_time() {
        for text in [
            "",
            "soon",
            "2026-09-10",
            "2026-09-10T01:02:03",
            "größeres als zwanzig Z",
        ] {
            assert_eq!(iso(text), text);
        }
    }
}
