//! The body of a refused request to a registry.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::null::{null_as_default, null_as_value};
use crate::text::serde_as_text;

/// `{"errors":[…]}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What was wrong.
    #[serde(deserialize_with = "null_as_default")]
    pub errors: Vec<ErrorEntry>,
}

/// One thing that was wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorEntry {
    /// A word for programs.
    pub code: ErrorCode,
    /// A sentence for people.
    #[serde(default, deserialize_with = "null_as_default")]
    pub message: String,
    /// Anything more. Azure sends `null` for some refusals and leaves it out for others, so the two
    /// are kept apart: `Some(Value::Null)` and `None`.
    #[serde(
        default,
        deserialize_with = "null_as_value",
        skip_serializing_if = "Option::is_none"
    )]
    pub detail: Option<Value>,
}

impl ErrorBody {
    /// A body with one error.
    pub fn of(code: ErrorCode, message: impl Into<String>, detail: Option<Value>) -> Self {
        Self {
            errors: vec![ErrorEntry {
                code,
                message: message.into(),
                detail,
            }],
        }
    }

    /// The bytes as registries send them: compact, with a line feed behind the document, which is
    /// part of the `Content-Length`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// The words of [`ErrorEntry::code`]: those of the distribution specification, of docker's
        /// registry and of Azure.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)*
            /// A word that is not known here.
            Other(String),
        }

        impl ErrorCode {
            /// The word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl FromStr for ErrorCode {
            type Err = Infallible;

            fn from_str(word: &str) -> Result<Self, Infallible> {
                Ok(match word {
                    $($word => Self::$variant,)*
                    _ => Self::Other(word.to_owned()),
                })
            }
        }

        #[cfg(test)]
        const WORDS: &[&str] = &[$($word,)*];
    };
}

error_codes! {
    /// The blob is not in the repository.
    BlobUnknown = "BLOB_UNKNOWN",
    /// The upload cannot go on.
    BlobUploadInvalid = "BLOB_UPLOAD_INVALID",
    /// There is no such upload.
    BlobUploadUnknown = "BLOB_UPLOAD_UNKNOWN",
    /// The digest is malformed, or not that of the content.
    DigestInvalid = "DIGEST_INVALID",
    /// The manifest refers to what is not in the repository.
    ManifestBlobUnknown = "MANIFEST_BLOB_UNKNOWN",
    /// The manifest is malformed or too large.
    ManifestInvalid = "MANIFEST_INVALID",
    /// There is no such manifest.
    ManifestUnknown = "MANIFEST_UNKNOWN",
    /// The repository name is malformed.
    NameInvalid = "NAME_INVALID",
    /// There is no such repository.
    NameUnknown = "NAME_UNKNOWN",
    /// The page size is no number.
    PaginationNumberInvalid = "PAGINATION_NUMBER_INVALID",
    /// The range is malformed or out of order.
    RangeInvalid = "RANGE_INVALID",
    /// The length is not that of the content.
    SizeInvalid = "SIZE_INVALID",
    /// The tag is malformed.
    TagInvalid = "TAG_INVALID",
    /// There is no such tag.
    TagUnknown = "TAG_UNKNOWN",
    /// Nobody is signed in, or not with enough rights.
    Unauthorized = "UNAUTHORIZED",
    /// The network or the policy forbids it.
    Denied = "DENIED",
    /// The registry cannot do this.
    Unsupported = "UNSUPPORTED",
    /// Too much was asked in too short a time.
    TooManyRequests = "TOOMANYREQUESTS",
    /// A lock, a full registry or a quarantine forbids it; Azure's own word.
    RegistryDisallowedOperation = "REGISTRY_DISALLOWED_OPERATION",
    /// The service cannot answer now.
    Unavailable = "UNAVAILABLE",
    /// The service failed.
    Unknown = "UNKNOWN",
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

serde_as_text!(ErrorCode, "an error code");

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ErrorBody, ErrorCode, WORDS};

    /// Bodies as Azure sent them.
    const RECORDED: &[&str] = &[
        r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required, visit https://aka.ms/acr/authorization for more information.","detail":[{"Type":"repository","Name":"hello-world","Action":"pull"}]}]}"#,
        r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required, visit https://aka.ms/acr/authorization for more information.","detail":null}]}"#,
        r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest sha256:... is not found"}]}"#,
        r#"{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry","detail":{"name":"not_real_repo"}}]}"#,
        r#"{"errors":[{"code":"REGISTRY_DISALLOWED_OPERATION","message":"The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation","detail":{}}]}"#,
    ];

    #[test]
    fn writes_recorded_bodies_byte_for_byte() {
        for text in RECORDED {
            let body: ErrorBody = serde_json::from_str(text).unwrap();
            assert_eq!(body.to_bytes(), format!("{text}\n").into_bytes());
        }
        // The length that was recorded for the challenge of `/v2/`.
        assert_eq!(RECORDED[1].len() + 1, 149);
    }

    #[test]
    fn tells_a_null_detail_from_an_absent_one() {
        let nothing = ErrorBody::of(ErrorCode::Denied, "no", Some(Value::Null));
        let absent = ErrorBody::of(ErrorCode::Denied, "no", None);
        assert_eq!(
            json!(nothing)["errors"][0],
            json!({"code": "DENIED", "message": "no", "detail": null})
        );
        assert_eq!(
            json!(absent)["errors"][0],
            json!({"code": "DENIED", "message": "no"})
        );
    }

    #[test]
    fn reads_what_other_registries_send() {
        for (text, count) in [
            (r#"{"errors":null}"#, 0),
            (r#"{"errors":[]}"#, 0),
            (r#"{"errors":[{"code":"X"}]}"#, 1),
            (
                r#"{"errors":[{"code":"X","message":null,"detail":"d","more":1}],"other":2}"#,
                1,
            ),
        ] {
            let body: ErrorBody = serde_json::from_str(text).unwrap();
            assert_eq!(body.errors.len(), count, "{text}");
            assert!(
                body.errors
                    .iter()
                    .all(|error| error.code == ErrorCode::Other("X".into()))
            );
        }
    }

    #[test]
    fn every_code_is_one_word_and_reads_back() {
        for word in WORDS {
            let code: ErrorCode = word.parse().unwrap();
            assert!(!matches!(code, ErrorCode::Other(_)), "{word}");
            assert_eq!(code.as_str(), *word);
            assert!(
                word.bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
            );
        }
    }
}
