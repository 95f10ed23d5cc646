//! A range of bytes, as the chunks of an upload name it.

use std::fmt;
use std::str::FromStr;

use super::InvalidRange;
use crate::text::{consists_of, excerpt};

/// A range of bytes, the last one included; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ByteRange {
    /// The position of the first byte.
    pub first: u64,
    /// The position of the last byte, not before the first.
    pub last: u64,
}

impl ByteRange {
    /// The range from `first` to `last`; `None` when it would be empty or too long to count.
    pub fn new(first: u64, last: u64) -> Option<Self> {
        (first <= last && last - first < u64::MAX).then_some(Self { first, last })
    }

    /// How many bytes it has: at least one.
    #[expect(clippy::len_without_is_empty, reason = "a range is never empty")]
    pub fn len(&self) -> u64 {
        self.last - self.first + 1
    }
}

/// `first-last`: the `Content-Range` of an upload chunk, which has neither a unit nor a total.
impl FromStr for ByteRange {
    type Err = InvalidRange;

    fn from_str(header: &str) -> Result<Self, InvalidRange> {
        header
            .split_once('-')
            .and_then(|(first, last)| Self::new(exact(first)?, exact(last)?))
            .ok_or_else(|| InvalidRange(excerpt(header)))
    }
}

impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

/// A number that must be exact.
pub(super) fn exact(digits: &str) -> Option<u64> {
    consists_of(digits, |byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::ByteRange;
    use crate::testing::Random;

    #[test]
    fn a_chunk_has_a_start_and_an_end_and_nothing_else() {
        let chunk: ByteRange = "256-511".parse().unwrap();
        assert_eq!((chunk.first, chunk.last, chunk.len()), (256, 511, 256));
        assert_eq!(chunk.to_string(), "256-511");
        for bad in [
            "",
            "-",
            "1-",
            "-1",
            "5-4",
            "a-b",
            "0-+1",
            " 0-1",
            "0-1 ",
            "bytes=0-1",
            "bytes 0-1/2",
            "0-1/2",
            "0-1-2",
            "0-18446744073709551616",
            "0-18446744073709551615",
            "0-1\0",
        ] {
            assert!(bad.parse::<ByteRange>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn reads_back_what_it_writes_whatever_the_text() {
        let mut random = Random::new(15);
        for _ in 0..10_000 {
            let text = match random.below(2) {
                0 => random.noise(),
                _ => random.mutated("256-18446744073709551615"),
            };
            if let Ok(chunk) = text.parse::<ByteRange>() {
                assert_eq!(chunk.to_string().parse(), Ok(chunk), "{text}");
            }
        }
    }
}
