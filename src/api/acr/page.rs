//! Paging: which page of a listing is asked for, and how the next one is named.

use std::fmt;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::text::{consists_of, excerpt};

/// The query of a listing, of `/acr/v1` and of `/v2`. Empty parameters are as good as absent ones:
/// the service itself writes `orderby=` into the addresses of next pages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct PageQuery {
    /// How many entries at most. Zero asks for none.
    #[serde(default, deserialize_with = "count")]
    pub n: Option<u32>,
    /// The last entry of the page before.
    #[serde(default, deserialize_with = "filled")]
    pub last: Option<String>,
    /// In which order.
    #[serde(default, deserialize_with = "order")]
    pub orderby: Order,
    /// Only the tags of this manifest.
    #[serde(default, deserialize_with = "filled")]
    pub digest: Option<String>,
}

/// The order of a listing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// By name or digest.
    #[default]
    Name,
    /// The oldest change first.
    TimeAscending,
    /// The newest change first.
    TimeDescending,
}

impl FromStr for Order {
    type Err = InvalidOrder;

    fn from_str(word: &str) -> Result<Self, InvalidOrder> {
        match word {
            "" | "none" => Ok(Self::Name),
            "timeasc" => Ok(Self::TimeAscending),
            "timedesc" => Ok(Self::TimeDescending),
            _ => Err(InvalidOrder(excerpt(word))),
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "",
            Self::TimeAscending => "timeasc",
            Self::TimeDescending => "timedesc",
        })
    }
}

/// The query string, its parameters sorted and `orderby` always there, as in the `Link` headers of
/// the service.
impl fmt::Display for PageQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(digest) = &self.digest {
            write!(f, "digest={}&", Escaped(digest))?;
        }
        if let Some(last) = &self.last {
            write!(f, "last={}&", Escaped(last))?;
        }
        if let Some(n) = self.n {
            write!(f, "n={n}&")?;
        }
        write!(f, "orderby={}", self.orderby)
    }
}

/// A value in a query string.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.bytes() {
            match byte {
                b'-' | b'_' | b'.' | b'~' => fmt::Write::write_char(f, byte.into())?,
                _ if byte.is_ascii_alphanumeric() => fmt::Write::write_char(f, byte.into())?,
                _ => write!(f, "%{byte:02X}")?,
            }
        }
        Ok(())
    }
}

/// A page larger than can be counted is as good as the largest: the server has its own limit.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.as_str() {
        "" => Ok(None),
        digits if consists_of(digits, |byte| byte.is_ascii_digit()) => {
            Ok(Some(digits.parse().unwrap_or(u32::MAX)))
        }
        _ => Err(D::Error::custom(format!(
            "n: {:?} is no page size",
            excerpt(&text)
        ))),
    }
}

fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Some(String::deserialize(deserializer)?).filter(|text| !text.is_empty()))
}

fn order<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Order, D::Error> {
    String::deserialize(deserializer)?
        .parse()
        .map_err(D::Error::custom)
}

/// The word names no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("orderby: {0:?} is no order: use timeasc or timedesc")]
pub struct InvalidOrder(String);

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::value::{Error, MapDeserializer};

    use super::{Order, PageQuery};

    fn read(pairs: &[(&str, &str)]) -> Result<PageQuery, Error> {
        PageQuery::deserialize(MapDeserializer::new(pairs.iter().copied()))
    }

    #[test]
    fn reads_the_parameters_of_az_and_of_the_sdks() {
        let none = PageQuery::default();
        assert_eq!(read(&[]).unwrap(), none);
        assert_eq!(
            read(&[("n", ""), ("last", ""), ("orderby", ""), ("digest", "")]).unwrap(),
            none
        );
        assert_eq!(
            read(&[("orderby", "none"), ("api-version", "2021-07-01")]).unwrap(),
            none
        );
        let page = read(&[("last", "v1"), ("n", "100"), ("orderby", "timedesc")]).unwrap();
        assert_eq!(
            (page.n, page.last.as_deref(), page.orderby),
            (Some(100), Some("v1"), Order::TimeDescending)
        );
        assert_eq!(read(&[("n", "0")]).unwrap().n, Some(0));
        assert_eq!(
            read(&[("n", "99999999999999999999")]).unwrap().n,
            Some(u32::MAX)
        );
    }

    #[test]
    fn refuses_nonsense() {
        for pair in [
            ("n", "-1"),
            ("n", "ten"),
            ("n", "1.5"),
            ("n", " 1"),
            ("n", "1\0"),
            ("n", "١"),
            ("orderby", "name"),
            ("orderby", "TIMEASC"),
        ] {
            assert!(read(&[pair]).is_err(), "{pair:?}");
        }
        assert!(read(&[("n", "1"), ("n", "2")]).is_err());
    }

    #[test]
    fn names_the_next_page_as_azure_does() {
        let next = |last: &str, n, orderby| {
            PageQuery {
                n: Some(n),
                last: Some(last.into()),
                orderby,
                digest: None,
            }
            .to_string()
        };
        assert_eq!(
            next("contoso-marketing", 2, Order::Name),
            "last=contoso-marketing&n=2&orderby="
        );
        assert_eq!(
            next("sha256:18f9", 2, Order::Name),
            "last=sha256%3A18f9&n=2&orderby="
        );
        assert_eq!(
            next("a/b c&d=ä\0", 5, Order::TimeAscending),
            "last=a%2Fb%20c%26d%3D%C3%A4%00&n=5&orderby=timeasc"
        );
        let tags = PageQuery {
            digest: Some("sha256:ab".into()),
            ..PageQuery::default()
        };
        assert_eq!(tags.to_string(), "digest=sha256%3Aab&orderby=");
    }
}
