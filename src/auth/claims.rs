//! What a token says about itself, read without checking its signature.
//!
//! Only the service a token is made for can judge it. The claims serve to name an account and to learn
//! an expiry that the answer around the token left out.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// No token that a header could carry is longer.
const LONGEST_TOKEN_BYTES: usize = 64 * 1024;

/// The claims that matter here.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Claims {
    pub(crate) tid: Option<String>,
    pub(crate) exp: Option<i64>,
    preferred_username: Option<String>,
    upn: Option<String>,
    unique_name: Option<String>,
}

impl Claims {
    /// The claims of a JWT; `None` for anything else.
    pub(crate) fn of(token: &str) -> Option<Self> {
        if token.len() > LONGEST_TOKEN_BYTES {
            return None;
        }
        let mut parts = token.split('.');
        let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// The name a person signs in with.
    pub(crate) fn username(&self) -> Option<&str> {
        let names = [&self.preferred_username, &self.upn, &self.unique_name];
        names.into_iter().find_map(Option::as_deref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::jwt;

    #[test]
    fn reads_claims_and_refuses_what_is_no_token() {
        let token = jwt(serde_json::json!({"tid": "t", "exp": 7, "upn": "me@x"}));
        let claims = Claims::of(&token).unwrap();
        assert_eq!((claims.tid.as_deref(), claims.exp), (Some("t"), Some(7)));
        assert_eq!(claims.username(), Some("me@x"));
        for bad in ["", "a.b", "a.!.c", "a.e30", &"a.b.c".repeat(99_999)] {
            assert!(Claims::of(bad).is_none());
        }
    }
}
