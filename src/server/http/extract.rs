//! Reads requests: bodies within their limit, JSON, forms, queries.

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use serde_json::Value;

use crate::domain::{Error, ErrorKind};

/// The largest body of a management request.
const LARGEST_BODY_BYTES: usize = 4 * 1024 * 1024;

/// The largest form; whoever sends one is nobody yet.
const LARGEST_FORM_BYTES: usize = 256 * 1024;
/// The most fields of a form.
const MOST_FIELDS: usize = 1000;

/// The whole body, if it is not too large.
pub(crate) async fn body(body: Body) -> Result<Bytes, Error> {
    within(body, LARGEST_BODY_BYTES).await
}

/// The fields of a form, in order, if there are not too many.
pub(crate) async fn form(body: Body) -> Result<Vec<(String, String)>, Error> {
    let bytes = within(body, LARGEST_FORM_BYTES).await?;
    let fields = bytes.split(|byte| *byte == b'&').count();
    match fields <= MOST_FIELDS {
        true => Ok(pairs(&bytes)),
        false => Err(Error::invalid(
            "InvalidRequestContent",
            format!("The request content has more than {MOST_FIELDS} fields."),
        )),
    }
}

async fn within(body: Body, most_bytes: usize) -> Result<Bytes, Error> {
    to_bytes(body, most_bytes).await.map_err(|error| {
        let is_too_large = std::error::Error::source(&error)
            .is_some_and(|source| source.is::<http_body_util::LengthLimitError>());
        if is_too_large {
            Error::new(
                ErrorKind::TooLarge,
                "RequestContentTooLarge",
                format!("The request content is larger than {most_bytes} bytes."),
            )
        } else {
            Error::invalid("InvalidRequestContent", "The request content broke off.")
        }
    })
}

/// A body that must be a JSON object.
pub(crate) fn json(bytes: &[u8]) -> Result<Value, Error> {
    let refuse = |why: String| {
        Error::invalid(
            "InvalidRequestContent",
            format!("The request content was invalid and could not be deserialized: '{why}'."),
        )
    };
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => Err(refuse("it is not a JSON object".to_owned())),
        Err(_) if bytes.is_empty() => Err(refuse("it is empty".to_owned())),
        Err(error) => Err(refuse(error.to_string())),
    }
}

/// The pairs of a query or a form, in order.
pub(crate) fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(encoded)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::{LARGEST_FORM_BYTES, MOST_FIELDS, form, json};
    use crate::domain::ErrorKind;

    #[tokio::test]
    async fn forms_have_limits() {
        let kind = async |text: String| form(Body::from(text)).await.unwrap_err().kind();
        assert_eq!(form(Body::from("a=1&b=%20")).await.unwrap().len(), 2);
        assert_eq!(form(Body::empty()).await.unwrap(), []);
        let fields = form(Body::from("a&".repeat(MOST_FIELDS - 1)));
        assert_eq!(fields.await.unwrap().len(), MOST_FIELDS - 1);
        assert_eq!(kind("a&".repeat(MOST_FIELDS)).await, ErrorKind::Invalid);
        let large = "a".repeat(LARGEST_FORM_BYTES + 1);
        assert_eq!(kind(large).await, ErrorKind::TooLarge);
    }

    #[test]
    fn says_where_json_breaks() {
        let error = json(b"{\"a\":\n nope}").unwrap_err();
        assert!(error.message().contains("line 2 column"), "{error}");
        for bad in [
            &b""[..],
            b"[]",
            b"null",
            b"\xff",
            "[".repeat(100_000).as_bytes(),
        ] {
            assert_eq!(json(bad).unwrap_err().code(), "InvalidRequestContent");
        }
    }
}
