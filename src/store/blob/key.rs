//! The opaque name under which a blob is kept.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Error;

/// Characters of a key.
const KEY_CHARS: usize = 32;

/// 32 lower-case hexadecimal characters, drawn at random and used for one blob only.
///
/// A key says nothing about the content, so two uploads of the same bytes never meet. What has this type
/// is safe as a file name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(String);

impl Key {
    /// Draws a key that no blob has.
    pub fn random() -> Self {
        Self(Uuid::new_v4().simple().to_string())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder of the key in stores that spread their files.
    pub(super) fn folder(&self) -> &str {
        &self.0[..2]
    }
}

impl FromStr for Key {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let is_key = text.len() == KEY_CHARS
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if is_key {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::invalid("blob key"))
        }
    }
}

impl TryFrom<String> for Key {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hexadecimal_of_the_right_length_is_a_key() {
        let key = Key::random();
        assert_eq!(key.as_str().parse(), Ok(key.clone()));
        assert_ne!(key, Key::random());
        let long = format!("{key}0");
        let upper = key.as_str()[..31].to_owned() + "A";
        let escaping = format!("../{}", &key.as_str()[..29]);
        let part = format!("{}.part", &key.as_str()[..27]);
        for wrong in [
            "", "..", "../x", "/etc", "a/b", &long, &upper, &escaping, &part,
        ] {
            assert_eq!(wrong.parse::<Key>(), Err(Error::invalid("blob key")));
            assert!(serde_json::from_value::<Key>(wrong.into()).is_err());
        }
    }
}
