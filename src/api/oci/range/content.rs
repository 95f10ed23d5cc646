//! The `Content-Range` header of an answer (RFC 9110 §14.4).

use std::fmt;
use std::str::FromStr;

use super::span::exact;
use super::{ByteRange, InvalidRange};
use crate::text::excerpt;

/// The `Content-Range` of an answer to a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContentRange {
    /// `bytes first-last/total`: what a 206 carries. The total may be unknown (`*`).
    Part {
        /// Which bytes follow.
        range: ByteRange,
        /// How many there are in all.
        total: Option<u64>,
    },
    /// `bytes */total`: what a 416 carries.
    Unsatisfied {
        /// How many bytes there are.
        total: u64,
    },
}

impl FromStr for ContentRange {
    type Err = InvalidRange;

    fn from_str(header: &str) -> Result<Self, InvalidRange> {
        content_range(header.trim()).ok_or_else(|| InvalidRange(excerpt(header)))
    }
}

fn content_range(header: &str) -> Option<ContentRange> {
    let (unit, rest) = header.split_once(' ')?;
    let (range, total) = rest.trim_start().split_once('/')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    if range == "*" {
        return Some(ContentRange::Unsatisfied {
            total: exact(total)?,
        });
    }
    let range: ByteRange = range.parse().ok()?;
    let total = match total {
        "*" => None,
        digits => Some(exact(digits).filter(|total| range.last < *total)?),
    };
    Some(ContentRange::Part { range, total })
}

impl fmt::Display for ContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part {
                range,
                total: Some(total),
            } => write!(f, "bytes {range}/{total}"),
            Self::Part { range, total: None } => write!(f, "bytes {range}/*"),
            Self::Unsatisfied { total } => write!(f, "bytes */{total}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ContentRange;
    use crate::testing::Random;

    #[test]
    fn an_answer_names_its_part() {
        for text in [
            "bytes 0-0/1",
            "bytes 500-1499/2048",
            "bytes 5-9/*",
            "bytes */2048",
            "bytes */0",
        ] {
            assert_eq!(text.parse::<ContentRange>().unwrap().to_string(), text);
        }
        for bad in [
            "",
            "bytes",
            "bytes 0-1",
            "bytes 0-1/",
            "bytes 0-1/1",
            "bytes */*",
            "bytes 2-1/9",
            "items 0-1/2",
            "bytes=0-1/2",
            "bytes 0-1/18446744073709551616",
            "bytes 0-1/2/3",
        ] {
            assert!(bad.parse::<ContentRange>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn reads_back_what_it_writes_whatever_the_text() {
        let mut random = Random::new(14);
        for _ in 0..10_000 {
            let text = match random.below(2) {
                0 => random.noise(),
                _ => random.mutated("bytes 0-99/100"),
            };
            if let Ok(range) = text.parse::<ContentRange>() {
                assert_eq!(range.to_string().parse(), Ok(range), "{text}");
            }
        }
    }
}
