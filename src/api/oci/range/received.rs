//! The `Range` header of an upload: how far it is.

use std::fmt;
use std::str::FromStr;

use super::{ByteRange, InvalidRange};
use crate::text::excerpt;

/// How many bytes of an upload have arrived: its `Range: 0-LAST` header.
///
/// The form cannot tell none from one: both are `0-0`, so reading it takes it for none. An uploader
/// that sent one byte then sends it once more and is told where the upload really stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Received(pub u64);

impl FromStr for Received {
    type Err = InvalidRange;

    fn from_str(header: &str) -> Result<Self, InvalidRange> {
        let trimmed = header.trim();
        // Some registries put the unit in front.
        let range = trimmed.strip_prefix("bytes=").unwrap_or(trimmed);
        match range.parse() {
            Ok(ByteRange { first: 0, last: 0 }) => Ok(Self(0)),
            Ok(range @ ByteRange { first: 0, .. }) => Ok(Self(range.len())),
            _ => Err(InvalidRange(excerpt(header))),
        }
    }
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0-{}", self.0.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::Received;

    #[test]
    fn an_upload_says_how_far_it_is() {
        for (count, text) in [
            (0, "0-0"),
            (2, "0-1"),
            (256, "0-255"),
            (u64::MAX, "0-18446744073709551614"),
        ] {
            assert_eq!(Received(count).to_string(), text);
            assert_eq!(text.parse(), Ok(Received(count)));
        }
        assert_eq!(Received(1).to_string(), "0-0");
        assert_eq!("bytes=0-255".parse(), Ok(Received(256)));
        for bad in ["", "1-2", "0-", "255", "0--1", "0-18446744073709551615"] {
            assert!(bad.parse::<Received>().is_err(), "{bad:?}");
        }
    }
}
