//! The ids by which a request is found again in logs, messages and Azure's headers.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

const REQUEST: HeaderName = HeaderName::from_static("x-ms-request-id");
const CORRELATION: HeaderName = HeaderName::from_static("x-ms-correlation-request-id");
const CLIENT: HeaderName = HeaderName::from_static("x-ms-client-request-id");
const RETURN_CLIENT: HeaderName = HeaderName::from_static("x-ms-return-client-request-id");

/// The ids of one request; found in its extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId {
    /// Ours, new for every request.
    pub request: Arc<str>,
    /// The client's if it sent one, so that several requests of one command belong together; else a new one.
    pub correlation: Arc<str>,
    returned: Option<Arc<str>>,
}

impl RequestId {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let client = sent(headers, &CLIENT);
        let wants_it_back = headers
            .get(&RETURN_CLIENT)
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"));
        Self {
            request: new_id(),
            correlation: sent(headers, &CORRELATION)
                .or_else(|| client.clone())
                .unwrap_or_else(new_id),
            returned: client.filter(|_| wants_it_back),
        }
    }

    pub(super) fn put_into(&self, headers: &mut HeaderMap) {
        let mut put = |name, id: &str| {
            if let Ok(value) = HeaderValue::from_str(id) {
                headers.insert(name, value);
            }
        };
        put(REQUEST, &self.request);
        put(CORRELATION, &self.correlation);
        if let Some(client) = &self.returned {
            put(CLIENT, client);
        }
    }
}

fn new_id() -> Arc<str> {
    Uuid::new_v4().to_string().into()
}

/// An id the client sent, unless it is something that should not be in a log.
fn sent(headers: &HeaderMap, name: &HeaderName) -> Option<Arc<str>> {
    let text = headers.get(name)?.to_str().ok()?;
    let is_well_formed = (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    is_well_formed.then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(HeaderName, &str)]) -> (RequestId, HeaderMap) {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        let id = RequestId::of(&headers);
        let mut answer = HeaderMap::new();
        id.put_into(&mut answer);
        (id, answer)
    }

    #[test]
    fn a_client_finds_its_own_id_again() {
        let (id, answer) = of(&[(CLIENT, "c-1"), (CORRELATION, "x-1")]);
        assert_eq!(&*id.correlation, "x-1");
        assert_eq!(answer[CORRELATION], "x-1");
        assert!(!answer.contains_key(CLIENT));
        let (id, answer) = of(&[(CLIENT, "c-1"), (RETURN_CLIENT, "True")]);
        assert_eq!(&*id.correlation, "c-1");
        assert_eq!(answer[CLIENT], "c-1");
        assert_ne!(answer[REQUEST], "c-1");
    }

    #[test]
    fn an_id_that_would_spoil_a_log_is_replaced() {
        let long = "a".repeat(65);
        for bad in ["", "a b", "a\tb", "<script>", "a\"b", long.as_str()] {
            let (id, _) = of(&[(CORRELATION, bad), (CLIENT, bad)]);
            assert!(Uuid::parse_str(&id.correlation).is_ok(), "{bad:?}");
        }
    }
}
