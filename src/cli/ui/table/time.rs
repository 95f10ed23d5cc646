//! Times in table cells.

use std::ops::Range;

/// A timestamp to the second, its zone taken off unconverted; other text stays as it is.
pub(crate) fn date(text: &str) -> String {
    match time_of_day(text) {
        Some(time) => format!("{}T{time}Z", &text[..10]),
        None => text.to_owned(),
    }
}

/// The `10:00:00` of `2024-05-01`, alone or with a time, fractions of a second and a zone.
fn time_of_day(text: &str) -> Option<&str> {
    let (date, time) = text.split_at_checked(10)?;
    if !is_date(date) {
        return None;
    }
    let Some(time) = time.strip_prefix(['T', 't', ' ']) else {
        return time.is_empty().then_some("00:00:00");
    };
    let (hours, minutes, seconds) = (
        number(time, 0..2)?,
        number(time, 3..5)?,
        number(time, 6..8)?,
    );
    let is_time = time.as_bytes()[2] == b':'
        && time.as_bytes()[5] == b':'
        && hours <= 23
        && minutes <= 59
        && seconds <= 59;
    (is_time && is_zone(without_fraction(&time[8..]))).then_some(&time[..8])
}

fn is_date(date: &str) -> bool {
    let parts = (number(date, 0..4), number(date, 5..7), number(date, 8..10));
    let (Some(year), Some(month), Some(day)) = parts else {
        return false;
    };
    date.as_bytes()[4] == b'-'
        && date.as_bytes()[7] == b'-'
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
}

/// The digits of `text` in `range`.
fn number(text: &str, range: Range<usize>) -> Option<u32> {
    let digits = text.get(range)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

/// What stands behind a leading `.123`.
fn without_fraction(text: &str) -> &str {
    text.strip_prefix('.').map_or(text, |rest| {
        rest.trim_start_matches(|digit: char| digit.is_ascii_digit())
    })
}

/// Whether it is a zone: none, `Z`, `+02:00` or `+0200`.
fn is_zone(zone: &str) -> bool {
    let Some(zone) = zone.strip_prefix(['+', '-']) else {
        return matches!(zone, "" | "Z" | "z");
    };
    let digits = zone.replacen(':', "", 1);
    digits.len() == 4 && number(&digits, 0..4).is_some()
}

fn days_in(year: u32, month: u32) -> u32 {
    let is_leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_lose_fraction_and_zone() {
        for zone in ["", "Z", ".9999999+02:00", ".5-0230"] {
            assert_eq!(
                date(&format!("2024-02-29T23:59:58{zone}")),
                "2024-02-29T23:59:58Z"
            );
        }
        assert_eq!(date("2024-02-29"), "2024-02-29T00:00:00Z");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in [
            "2023-02-29T00:00:00+01:00",
            "2024-13-01T00:00:00+01:00",
            "2024-01-01T24:00:00",
            "2024-01-01T00:00:00 soon",
            "2024-01-01 at noon",
            "soon",
            "ein schöner Tag",
            "",
        ] {
            assert_eq!(date(text), text);
        }
    }
}
