//! Content digests: `algorithm:encoded`.

use std::fmt;
use std::str::FromStr;

use crate::text::{consists_of, excerpt, serde_as_text};

/// The digest of some content, by a hash this registry can compute. The order is the byte order of
/// the texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Digest {
    /// SHA-256.
    Sha256([u8; 32]),
    /// SHA-512.
    Sha512([u8; 64]),
}

/// A hash this registry can compute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256: what is meant where nothing is said.
    #[default]
    Sha256,
    /// SHA-512.
    Sha512,
}

impl Digest {
    /// The hash it was made with.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Sha256(_) => Algorithm::Sha256,
            Self::Sha512(_) => Algorithm::Sha512,
        }
    }

    /// The hash value.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sha256(bytes) => bytes,
            Self::Sha512(bytes) => bytes,
        }
    }

    /// The digest with this hash value; `None` unless its length is the algorithm's.
    pub fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        match algorithm {
            Algorithm::Sha256 => bytes.try_into().ok().map(Self::Sha256),
            Algorithm::Sha512 => bytes.try_into().ok().map(Self::Sha512),
        }
    }

    /// The part after the colon: lower-case hex.
    pub fn encoded(&self) -> String {
        let mut text = String::with_capacity(self.as_bytes().len() * 2);
        for byte in self.as_bytes() {
            for half in [byte >> 4, byte & 0xf] {
                text.push(char::from_digit(half.into(), 16).unwrap_or('0'));
            }
        }
        text
    }
}

impl Algorithm {
    /// The word before the colon.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let (algorithm, encoded) = text
            .split_once(':')
            .filter(|(algorithm, encoded)| is_algorithm(algorithm) && is_encoded(encoded))
            .ok_or_else(|| InvalidDigest::Malformed(excerpt(text)))?;
        let algorithm: Algorithm = algorithm.parse()?;
        let digest = match algorithm {
            Algorithm::Sha256 => decode_hex(encoded).map(Self::Sha256),
            Algorithm::Sha512 => decode_hex(encoded).map(Self::Sha512),
        };
        digest.ok_or(InvalidDigest::Encoding(algorithm))
    }
}

impl FromStr for Algorithm {
    type Err = InvalidDigest;

    fn from_str(word: &str) -> Result<Self, InvalidDigest> {
        match word {
            "sha256" => Ok(Self::Sha256),
            "sha512" => Ok(Self::Sha512),
            _ => Err(InvalidDigest::UnsupportedAlgorithm(excerpt(word))),
        }
    }
}

/// `algorithm-component (algorithm-separator algorithm-component)*` of the image specification.
fn is_algorithm(text: &str) -> bool {
    text.split(['+', '.', '_', '-'])
        .all(|component| consists_of(component, |b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

fn is_encoded(text: &str) -> bool {
    consists_of(text, |b| b.is_ascii_alphanumeric() || b"=_-".contains(&b))
}

/// The specification forbids upper-case hex, or one content would have many names.
fn decode_hex<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    if hex.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(bytes)
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm(), self.encoded())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

serde_as_text!(Digest, "a digest such as sha256:…");
serde_as_text!(Algorithm, "the name of a hash");

/// The text is no digest, or none that can be checked here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDigest {
    /// It is not `algorithm:encoded`.
    #[error("{0:?} is no digest: expected ALGORITHM:HEX, such as sha256:…")]
    Malformed(String),
    /// It is well formed, but by a hash that is not known here.
    #[error("the digest algorithm {0:?} is not supported: use sha256 or sha512")]
    UnsupportedAlgorithm(String),
    /// What follows the colon is not what the algorithm demands.
    #[error("a {0} digest has {n} lower-case hex digits", n = match .0 { Algorithm::Sha256 => 64, Algorithm::Sha512 => 128 })]
    Encoding(Algorithm),
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, Digest, InvalidDigest};
    use crate::testing::Random;

    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn reads_and_writes_the_registered_algorithms() {
        let long = format!("sha512:{}", "0f".repeat(64));
        for (text, algorithm) in [(EMPTY, Algorithm::Sha256), (&*long, Algorithm::Sha512)] {
            let digest: Digest = text.parse().unwrap();
            assert_eq!(
                (digest.to_string().as_str(), digest.algorithm()),
                (text, algorithm)
            );
            assert_eq!(
                Digest::from_bytes(algorithm, digest.as_bytes()),
                Some(digest)
            );
            assert_eq!(Digest::from_bytes(algorithm, &digest.as_bytes()[1..]), None);
            assert_eq!(format!("{}:{}", algorithm, digest.encoded()), text);
        }
    }

    #[test]
    fn knows_well_formed_digests_it_cannot_check() {
        for text in [
            "blake3:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
            "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8",
            "sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564",
            "md5:d41d8cd98f00b204e9800998ecf8427e",
        ] {
            let error = text.parse::<Digest>().unwrap_err();
            assert!(
                matches!(error, InvalidDigest::UnsupportedAlgorithm(_)),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn refuses_what_is_no_digest() {
        for text in [
            "",
            ":",
            "sha256",
            "sha256:",
            ":abc",
            "sha256:ab:cd",
            "SHA256:ab",
            "sha256 :ab",
            "+sha256:ab",
            "sha256+:ab",
            "sha..x:ab",
            "sha256:a b",
            "sha256:a\0",
            "sha256:ä",
            "shä:ab",
            "sha256:a/b",
            " sha256:ab",
        ] {
            let error = text.parse::<Digest>().unwrap_err();
            assert!(
                matches!(error, InvalidDigest::Malformed(_)),
                "{text:?}: {error}"
            );
        }
        for text in [
            "sha256:ab".to_owned(),
            EMPTY.to_uppercase().replace("SHA", "sha"),
            format!("{EMPTY}0"),
            EMPTY.replace("e3b0", "g3b0"),
            EMPTY.replace("sha256", "sha512"),
            format!("sha256:{}", "-".repeat(64)),
        ] {
            let error = text.parse::<Digest>().unwrap_err();
            assert!(
                matches!(error, InvalidDigest::Encoding(_)),
                "{text:?}: {error}"
            );
        }
        let long = "x".repeat(1_000_000).parse::<Digest>().unwrap_err();
        assert!(
            long.to_string().len() < 300,
            "a message repeats no megabyte"
        );
    }

    #[test]
    fn sorts_as_its_text_does() {
        let mut random = Random::new(7);
        let mut digests: Vec<Digest> = (0..200)
            .map(|_| {
                let (name, length) = *random.pick(&[("sha256", 64), ("sha512", 128)]);
                let hex: String = (0..length)
                    .map(|_| random.word("0123456789abcdef", 1))
                    .collect();
                format!("{name}:{hex}").parse().unwrap()
            })
            .collect();
        digests.sort();
        assert!(digests.is_sorted_by_key(ToString::to_string));
    }

    #[test]
    fn survives_any_text() {
        let mut random = Random::new(11);
        for _ in 0..5_000 {
            let text = match random.below(2) {
                0 => random.noise(),
                _ => random.mutated(EMPTY),
            };
            if let Ok(digest) = text.parse::<Digest>() {
                assert_eq!(digest.to_string(), text);
            }
        }
    }

    #[test]
    fn is_a_string_in_json() {
        let digest: Digest = serde_json::from_str(&format!("\"{EMPTY}\"")).unwrap();
        assert_eq!(
            serde_json::to_string(&digest).unwrap(),
            format!("\"{EMPTY}\"")
        );
        assert!(serde_json::from_str::<Digest>("\"sha256:ab\"").is_err());
        assert!(serde_json::from_str::<Digest>("7").is_err());
    }
}
