//! How long ago: days and Go's durations, as in `2d3h6m`.

use crate::cli::error::CliError;
use chrono::TimeDelta;

/// Nothing in a registry is older.
const LONGEST_DAYS: i64 = 150 * 365;

/// Reads a duration.
pub(crate) fn ago(text: &str) -> Result<TimeDelta, CliError> {
    read(text).ok_or_else(|| {
        CliError::usage(format!(
            "--ago: {text:?} is no duration; expected one like 30d, 1d12h or 45m"
        ))
    })
}

fn read(text: &str) -> Option<TimeDelta> {
    let (days, mut rest) = match text.split_once('d') {
        Some((days, rest)) => (number(days)?, rest),
        None => (0.0, text),
    };
    if text.is_empty() || days.fract() != 0.0 {
        return None;
    }
    let mut seconds = days * 86_400.0;
    if rest == "0" {
        rest = "";
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let amount = number(&rest[..end])?;
        rest = &rest[end..];
        let unit = rest
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(rest.len());
        seconds += amount * seconds_of(&rest[..unit])?;
        rest = &rest[unit..];
    }
    let longest = LONGEST_DAYS as f64 * 86_400.0;
    let milliseconds = seconds.min(longest) * 1000.0;
    TimeDelta::try_milliseconds(milliseconds as i64)
}

fn number(text: &str) -> Option<f64> {
    let is_number = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|_| is_number)
}

fn seconds_of(unit: &str) -> Option<f64> {
    Some(match unit {
        "h" => 3600.0,
        "m" => 60.0,
        "s" => 1.0,
        "ms" => 1e-3,
        "us" | "µs" | "μs" => 1e-6,
        "ns" => 1e-9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn days_and_durations() {
        for (text, seconds) in [
            ("1d", 86_400),
            ("0d", 0),
            ("0", 0),
            ("2d3h6m", 2 * 86_400 + 3 * 3600 + 360),
            ("1h30m", 5400),
            ("1.5h", 5400),
            ("90s", 90),
            ("1500ms", 1),
        ] {
            assert_eq!(read(text).unwrap().num_seconds(), seconds, "{text}");
        }
        assert_eq!(read("9999999999d").unwrap().num_days(), 150 * 365);
    }

    #[test]
    fn what_is_no_duration() {
        for text in [
            "", "d", "1", "-1d", "1d-2h", "1.5d", "1x", "h", "1d2", "inf", "nan", "1e3h", "1d 2h",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
