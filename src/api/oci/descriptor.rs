//! Descriptors: how one piece of content names another.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::Digest;
use crate::null::null_as_default;

/// Notes on a manifest or a descriptor, sorted by key as Go's writers sort them.
pub type Annotations = BTreeMap<String, String>;

/// Type, digest and size of some content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// What the content is.
    pub media_type: String,
    /// Its digest.
    pub digest: Digest,
    /// Its length in bytes; it fits a signed 64-bit number, as the specification has it.
    #[serde(deserialize_with = "size")]
    pub size: u64,
    /// Where else it may be had.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub urls: Vec<String>,
    /// Notes.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub annotations: Annotations,
    /// The content itself, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// What an image in an index runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// What kind of artifact the content is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
}

impl Descriptor {
    /// A descriptor with the three members that every one has.
    pub fn new(media_type: impl Into<String>, digest: Digest, size: u64) -> Self {
        Self {
            media_type: media_type.into(),
            digest,
            size,
            urls: Vec::new(),
            annotations: Annotations::new(),
            data: None,
            platform: None,
            artifact_type: None,
        }
    }
}

fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    u64::try_from(i64::deserialize(deserializer)?)
        .map_err(|_| D::Error::custom("a size cannot be negative"))
}

/// What an image runs on. Builders write `unknown` for what runs nowhere, such as attestations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Platform {
    /// The processor, in the words of Go: `amd64`, `arm64`, …
    #[serde(default)]
    pub architecture: String,
    /// The system, in the words of Go: `linux`, `windows`, …
    #[serde(default)]
    pub os: String,
    /// The version of the system, which Windows images need.
    #[serde(
        default,
        rename = "os.version",
        skip_serializing_if = "Option::is_none"
    )]
    pub os_version: Option<String>,
    /// Features the system must have.
    #[serde(
        default,
        rename = "os.features",
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub os_features: Vec<String>,
    /// The variant of the processor, such as `v7`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{Descriptor, Platform};

    const DIGEST: &str = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

    #[test]
    fn keeps_the_member_order_of_the_reference_code() {
        let text = format!(
            r#"{{"mediaType":"a/b","digest":"{DIGEST}","size":2,"urls":["https://x/y"],"annotations":{{"k":"v"}},"data":"e30=","platform":{{"architecture":"arm","os":"windows","os.version":"10.0","os.features":["win32k"],"variant":"v7"}},"artifactType":"c/d"}}"#
        );
        let descriptor: Descriptor = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&descriptor).unwrap(), text);
        let short = format!(r#"{{"mediaType":"a/b","digest":"{DIGEST}","size":2}}"#);
        let plain = Descriptor::new("a/b", DIGEST.parse().unwrap(), 2);
        assert_eq!(serde_json::to_string(&plain).unwrap(), short);
        assert_eq!(serde_json::from_str::<Descriptor>(&short).unwrap(), plain);
    }

    #[test]
    fn reads_empty_members_that_are_null() {
        let text = format!(
            r#"{{"mediaType":"a/b","digest":"{DIGEST}","size":2,"urls":null,"annotations":null,"data":null,"platform":null}}"#
        );
        let descriptor: Descriptor = serde_json::from_str(&text).unwrap();
        assert_eq!(
            descriptor,
            Descriptor::new("a/b", DIGEST.parse().unwrap(), 2)
        );
        let platform: Platform = serde_json::from_str(r#"{"os.features":null}"#).unwrap();
        assert_eq!(platform, Platform::default());
    }

    #[test]
    fn a_size_is_a_signed_number_that_is_not_negative() {
        let read = |size: &str| {
            serde_json::from_str::<Descriptor>(&format!(
                r#"{{"mediaType":"a/b","digest":"{DIGEST}","size":{size}}}"#
            ))
        };
        assert_eq!(read("0").unwrap().size, 0);
        assert_eq!(read("9223372036854775807").unwrap().size, i64::MAX as u64);
        for bad in [
            "-1",
            "9223372036854775808",
            "1e3",
            "1.0",
            "\"1\"",
            "null",
            "true",
            "99999999999999999999999",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
