//! What an error of an object store means for a blob.

use std::error::Error as StdError;

use object_store::Error as Cause;

use crate::blob::{Error, Key};

/// An error of work on one blob.
pub(super) fn of_blob(key: &Key, error: &Cause) -> Error {
    match error {
        Cause::NotFound { .. } => Error::NotFound { key: key.clone() },
        Cause::AlreadyExists { .. } => Error::Exists { key: key.clone() },
        _ => of_store(error),
    }
}

/// An error of work on the whole store.
pub(super) fn of_store(error: &Cause) -> Error {
    let text = innermost(error);
    // The crate keeps the type that holds the status to itself.
    let Some((status, body)) = text
        .strip_prefix("Server returned non-2xx status code: ")
        .and_then(|answer| answer.split_once(": "))
    else {
        return Error::unavailable(without_query(&text));
    };
    // The rest of the body is long and may quote what was signed.
    let code = error_code(body).unwrap_or_default();
    let reason = format!("it answered {status} {code}").trim_end().to_owned();
    match status.split(' ').next() {
        Some("401" | "403") => Error::Denied { reason },
        Some("507") => Error::Full,
        _ => Error::Unavailable { reason },
    }
}

/// The cause that says most; those around it repeat it.
fn innermost(error: &Cause) -> String {
    let mut error: &dyn StdError = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Both services answer `<Error><Code>…</Code>…`.
fn error_code(body: &str) -> Option<&str> {
    let (_, rest) = body.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    Some(code)
}

/// A URL in a message may carry a signature in its query.
fn without_query(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        if word.contains("://") {
            word.split('?').next().unwrap_or_default()
        } else {
            word
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(source: &str) -> Cause {
        Cause::Generic {
            store: "MicrosoftAzure",
            source: source.into(),
        }
    }

    #[test]
    fn an_answer_is_told_by_status_and_code() {
        let answer = |status: &str| {
            let body = "<Error><Code>Why</Code><Message>hunter2</Message></Error>";
            generic(&format!(
                "Server returned non-2xx status code: {status}: {body}"
            ))
        };
        for status in ["401 Unauthorized", "403 Forbidden"] {
            let reason = format!("it answered {status} Why");
            assert_eq!(of_store(&answer(status)), Error::Denied { reason });
        }
        assert_eq!(of_store(&answer("507 Insufficient Storage")), Error::Full);
        let reason = "it answered 503 Service Unavailable Why".to_owned();
        assert_eq!(
            of_store(&answer("503 Service Unavailable")),
            Error::Unavailable { reason }
        );
    }

    #[test]
    fn no_signature_is_told() {
        let source = "error sending request for url (https://account.example/c/b?sig=hunter2)";
        assert_eq!(
            of_store(&generic(source)),
            Error::unavailable("error sending request for url (https://account.example/c/b")
        );
    }
}
