//! The `Range` header of a read (RFC 9110 §14.2).

use std::str::FromStr;

use super::{ByteRange, InvalidRange};
use crate::text::{consists_of, excerpt};

/// The most ranges one request may name; more serve only to make work (RFC 9110 §14.2).
pub const MAX_RANGES: usize = 16;

/// The `Range` header of a read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeRequest(Vec<Wanted>);

/// One range as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// From a position to another, or to the end. The second may lie before the first.
    From { first: u64, last: Option<u64> },
    /// So many bytes at the end.
    Suffix(u64),
}

/// What a [`RangeRequest`] means for content of a certain size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All of it, as if nothing had been asked: status 200.
    Whole,
    /// One part: status 206 with a [`ContentRange`](super::ContentRange).
    Part(ByteRange),
    /// Several parts in the order asked for. A server may answer them as `multipart/byteranges` or
    /// send the whole.
    Parts(Vec<ByteRange>),
    /// Nothing that exists: status 416.
    Unsatisfiable,
}

impl RangeRequest {
    /// What it selects of `size` bytes. Of empty content nothing can be named by position, so a
    /// request for its end gets the whole.
    pub fn select(&self, size: u64) -> Selection {
        if size == 0
            && self
                .0
                .iter()
                .any(|wanted| matches!(wanted, Wanted::Suffix(1..)))
        {
            return Selection::Whole;
        }
        let parts: Vec<ByteRange> = self
            .0
            .iter()
            .filter_map(|wanted| wanted.within(size))
            .collect();
        match parts.as_slice() {
            [] => Selection::Unsatisfiable,
            [part] => Selection::Part(*part),
            _ => Selection::Parts(parts),
        }
    }
}

impl Wanted {
    fn within(self, size: u64) -> Option<ByteRange> {
        let end = size.checked_sub(1)?;
        let range = match self {
            Self::From { first, last } => ByteRange {
                first,
                last: last.unwrap_or(end).min(end),
            },
            Self::Suffix(0) => return None,
            Self::Suffix(length) => ByteRange {
                first: size.saturating_sub(length),
                last: end,
            },
        };
        (range.first <= range.last).then_some(range)
    }
}

impl FromStr for RangeRequest {
    type Err = InvalidRange;

    fn from_str(header: &str) -> Result<Self, InvalidRange> {
        let refuse = || InvalidRange(excerpt(header));
        let (unit, set) = header.trim().split_once('=').ok_or_else(refuse)?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return Err(refuse());
        }
        let mut ranges = Vec::new();
        // A list may have empty elements (RFC 9110 §5.6.1).
        for element in set
            .split(',')
            .map(str::trim)
            .filter(|element| !element.is_empty())
        {
            if ranges.len() == MAX_RANGES {
                return Err(refuse());
            }
            ranges.push(wanted(element).ok_or_else(refuse)?);
        }
        match ranges.is_empty() {
            true => Err(refuse()),
            false => Ok(Self(ranges)),
        }
    }
}

fn wanted(element: &str) -> Option<Wanted> {
    let (first, last) = element.split_once('-')?;
    match (first, last) {
        ("", length) => Some(Wanted::Suffix(position(length)?)),
        (first, "") => Some(Wanted::From {
            first: position(first)?,
            last: None,
        }),
        (first, last) => Some(Wanted::From {
            first: position(first)?,
            last: Some(position(last)?),
        }),
    }
}

/// A number too large to count is as good as the largest: no content is that long.
fn position(digits: &str) -> Option<u64> {
    consists_of(digits, |byte| byte.is_ascii_digit()).then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::{ByteRange, MAX_RANGES, RangeRequest, Selection};
    use crate::testing::Random;

    fn part(first: u64, last: u64) -> Selection {
        Selection::Part(ByteRange { first, last })
    }

    fn select(header: &str, size: u64) -> Selection {
        header
            .parse::<RangeRequest>()
            .unwrap_or_else(|e| panic!("{e}"))
            .select(size)
    }

    #[test]
    fn selects_one_part() {
        for (header, size, expected) in [
            ("bytes=0-0", 10, part(0, 0)),
            ("bytes=500-1499", 2048, part(500, 1499)),
            ("bytes=500-", 2048, part(500, 2047)),
            ("bytes=-500", 2048, part(1548, 2047)),
            ("bytes=-5000", 2048, part(0, 2047)),
            ("bytes=2000-5000", 2048, part(2000, 2047)),
            ("BYTES= 1-2 ", 10, part(1, 2)),
            ("bytes=,1-2,,", 10, part(1, 2)),
            ("bytes=0-99999999999999999999999", 10, part(0, 9)),
            ("bytes=-99999999999999999999999", 10, part(0, 9)),
            ("bytes=500-0", 2048, Selection::Unsatisfiable),
            ("bytes=5000-10000", 2048, Selection::Unsatisfiable),
            ("bytes=10-", 10, Selection::Unsatisfiable),
            ("bytes=-0", 10, Selection::Unsatisfiable),
            (
                "bytes=99999999999999999999999-",
                10,
                Selection::Unsatisfiable,
            ),
            ("bytes=0-", 0, Selection::Unsatisfiable),
            ("bytes=-1", 0, Selection::Whole),
            ("bytes=-0", 0, Selection::Unsatisfiable),
            (
                "bytes=18446744073709551615-18446744073709551615",
                u64::MAX,
                Selection::Unsatisfiable,
            ),
            (
                "bytes=0-18446744073709551615",
                u64::MAX,
                part(0, u64::MAX - 1),
            ),
        ] {
            assert_eq!(select(header, size), expected, "{header} of {size}");
        }
    }

    #[test]
    fn selects_several_parts_and_drops_those_that_do_not_exist() {
        let first = ByteRange { first: 0, last: 1 };
        let end = ByteRange { first: 8, last: 9 };
        assert_eq!(
            select("bytes=0-1,-2", 10),
            Selection::Parts(vec![first, end])
        );
        assert_eq!(
            select("bytes=-2, 0-1", 10),
            Selection::Parts(vec![end, first])
        );
        assert_eq!(select("bytes=0-1,20-", 10), part(0, 1));
        assert_eq!(select("bytes=30-,20-", 10), Selection::Unsatisfiable);
    }

    #[test]
    fn refuses_malformed_requests() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes=-",
            "bytes=a-b",
            "bytes=1",
            "bytes=1-2-3",
            "bytes=--1",
            "bytes=+1-2",
            "bytes=1 - 2",
            "bytes 0-1",
            "items=0-1",
            "=0-1",
            "bytes=0-1;x",
            "bytes=0x1-2",
            "bytes=١-٢",
            "bytes=0-\0",
        ] {
            assert!(header.parse::<RangeRequest>().is_err(), "{header:?}");
        }
        let many = |count: usize| format!("bytes={}", vec!["0-1"; count].join(","));
        assert!(many(MAX_RANGES).parse::<RangeRequest>().is_ok());
        assert!(many(MAX_RANGES + 1).parse::<RangeRequest>().is_err());
    }

    #[test]
    fn never_selects_what_is_not_there() {
        let mut random = Random::new(13);
        for _ in 0..20_000 {
            let text = match random.below(2) {
                0 => random.noise(),
                _ => random.mutated("bytes=0-99,-5,200-"),
            };
            let Ok(request) = text.parse::<RangeRequest>() else {
                continue;
            };
            let size = random.below(300) as u64;
            let parts = match request.select(size) {
                Selection::Part(part) => vec![part],
                Selection::Parts(parts) => parts,
                Selection::Whole | Selection::Unsatisfiable => vec![],
            };
            let exists = |part: &ByteRange| part.first <= part.last && part.last < size;
            assert!(parts.iter().all(exists), "{text}");
        }
    }
}
