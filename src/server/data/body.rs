//! Bodies that are read whole, each within its limit.

use acr_api::oci::ErrorCode;
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::domain::{Error, ErrorKind};

/// A body, which is named as it is in refusals.
pub(super) struct Document {
    pub(super) what: &'static str,
    pub(super) most_bytes: usize,
    pub(super) refusal: ErrorCode,
}

impl Document {
    /// The bytes, if there are not too many.
    pub(super) async fn read(&self, body: Body) -> Result<Bytes, Error> {
        to_bytes(body, self.most_bytes).await.map_err(|error| {
            let is_too_large = std::error::Error::source(&error)
                .is_some_and(|source| source.is::<http_body_util::LengthLimitError>());
            let (kind, why) = match is_too_large {
                true => (
                    ErrorKind::TooLarge,
                    format!("it has more than {} bytes", self.most_bytes),
                ),
                false => (ErrorKind::Invalid, "it broke off".to_owned()),
            };
            self.refuse(kind, &why)
        })
    }

    /// Reads an object; a list of the values of its members is none.
    pub(super) fn parse<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, Error> {
        serde_json::from_slice::<Map<String, Value>>(bytes)
            .and_then(|members| serde_json::from_value(Value::Object(members)))
            .map_err(|error| self.refuse(ErrorKind::Invalid, &error.to_string()))
    }

    /// The refusal of a body that is not as it has to be.
    pub(super) fn refuse(&self, kind: ErrorKind, why: &str) -> Error {
        let code = self.refusal.as_str().to_owned();
        Error::new(kind, code, format!("{} cannot be read: {why}", self.what))
    }
}
