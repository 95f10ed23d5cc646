//! Times in table cells.

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// A point in time as written, and its offset from UTC.
#[derive(Debug, PartialEq)]
struct Moment {
    days: i64,
    seconds: i64,
    micros: i64,
    offset_seconds: i64,
}

/// A timestamp to the second, its zone taken off unconverted; other text stays as it is.
pub(crate) fn date(text: &str) -> String {
    match parse(text) {
        Some(moment) => format!("{}T{}Z", &text[..10], clock(moment.seconds)),
        None => text.to_owned(),
    }
}

/// `HH:MM:SS` between two timestamps, nothing where one is missing.
pub(super) fn duration(start: &str, finish: &str) -> String {
    match (parse(start), parse(finish)) {
        (Some(start), Some(finish)) => {
            clock((finish.micros_utc() - start.micros_utc()).div_euclid(MICROS_PER_SECOND))
        }
        _ => String::new(),
    }
}

fn clock(seconds: i64) -> String {
    let hours = seconds.div_euclid(3600);
    let rest = seconds.rem_euclid(3600);
    format!("{hours:02}:{:02}:{:02}", rest / 60, rest % 60)
}

impl Moment {
    fn micros_utc(&self) -> i64 {
        (self.days * SECONDS_PER_DAY + self.seconds - self.offset_seconds) * MICROS_PER_SECOND
            + self.micros
    }
}

/// Reads `2024-05-01`, alone or with a time, fractions of a second and a zone.
fn parse(text: &str) -> Option<Moment> {
    let (date, time) = text.split_at_checked(10)?;
    let (year, month, day) = (
        number(date, 0..4)?,
        number(date, 5..7)?,
        number(date, 8..10)?,
    );
    let is_date = date.as_bytes()[4] == b'-'
        && date.as_bytes()[7] == b'-'
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day);
    if !is_date {
        return None;
    }
    let mut moment = Moment {
        days: days_before(year, month) + day,
        seconds: 0,
        micros: 0,
        offset_seconds: 0,
    };
    let Some(time) = time.strip_prefix(['T', 't', ' ']) else {
        return time.is_empty().then_some(moment);
    };
    let (hours, minutes, seconds) = (
        number(time, 0..2)?,
        number(time, 3..5)?,
        number(time, 6..8)?,
    );
    let is_time = time.as_bytes()[2] == b':' && time.as_bytes()[5] == b':';
    if !is_time || hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    moment.seconds = (hours * 60 + minutes) * 60 + seconds;
    let (micros, zone) = fraction(&time[8..]);
    moment.micros = micros;
    moment.offset_seconds = offset(zone)?;
    Some(moment)
}

/// The digits of `text` in `range`.
fn number(text: &str, range: std::ops::Range<usize>) -> Option<i64> {
    let digits = text.get(range)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

/// Microseconds from a leading `.123`, and the text after it.
fn fraction(text: &str) -> (i64, &str) {
    let Some(rest) = text.strip_prefix('.') else {
        return (0, text);
    };
    let end = rest
        .bytes()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, zone) = rest.split_at(end);
    let micros = (0..6).fold(0, |micros, index| {
        let digit = digits
            .as_bytes()
            .get(index)
            .map_or(0, |byte| i64::from(byte - b'0'));
        micros * 10 + digit
    });
    (micros, zone)
}

/// Seconds of a zone: none, `Z`, `+02:00` or `+0200`.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "" | "Z" | "z") {
        return Some(0);
    }
    let (sign, zone) = match zone.split_at_checked(1)? {
        ("+", zone) => (1, zone),
        ("-", zone) => (-1, zone),
        _ => return None,
    };
    let digits = zone.replacen(':', "", 1);
    let seconds = number(&digits, 0..2)? * 3600 + number(&digits, 2..4)? * 60;
    (digits.len() == 4).then_some(sign * seconds)
}

fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from year 0 to the first of the month.
fn days_before(year: i64, month: i64) -> i64 {
    let past = year - 1;
    past * 365 + past.div_euclid(4) - past.div_euclid(100)
        + past.div_euclid(400)
        + (1..month).map(|month| days_in(year, month)).sum::<i64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_lose_fraction_and_zone() {
        assert_eq!(
            date("2024-02-29T23:59:58.9999999+02:00"),
            "2024-02-29T23:59:58Z"
        );
        assert_eq!(date("2024-02-29"), "2024-02-29T00:00:00Z");
        assert_eq!(date("2023-02-29T00:00:00Z"), "2023-02-29T00:00:00Z");
        assert_eq!(date("soon"), "soon");
        assert_eq!(date(""), "");
    }

    #[test]
    fn durations_span_days_and_zones() {
        assert_eq!(
            duration("2024-02-28T23:00:00Z", "2024-03-01T00:00:01.5Z"),
            "25:00:01"
        );
        assert_eq!(
            duration("2024-01-01T10:00:00.9Z", "2024-01-01T10:00:01.1Z"),
            "00:00:00"
        );
        assert_eq!(
            duration("2024-01-01T10:00:00+02:00", "2024-01-01T09:00:00Z"),
            "01:00:00"
        );
        assert_eq!(duration("2024-01-01T10:00:00Z", ""), "");
    }
}
