//! The answer of a token service or a managed identity endpoint, and its refusals.

use crate::claims::Claims;
use crate::error::{Error, Refusal};
use crate::link::Link;
use crate::token::AccessToken;
use acr_http::{Response, Secret};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

/// Far more than any token needs.
const LARGEST_ANSWER_BYTES: usize = 1024 * 1024;
const LONGEST_DESCRIPTION: usize = 2000;

/// A token with what came along. It has no `Debug`: nearly all of it is secret.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    access_token: String,
    expires_in: Option<Number>,
    expires_on: Option<Number>,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: Option<String>,
    pub(crate) scope: Option<String>,
    /// The managed identity that was used, where the endpoint says so.
    pub(crate) client_id: Option<String>,
    pub(crate) object_id: Option<String>,
    #[serde(alias = "mi_res_id")]
    pub(crate) msi_res_id: Option<String>,
}

/// Some endpoints write numbers as text, and some write a date into the same field.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Whole(i64),
    Text(String),
    Other(serde::de::IgnoredAny),
}

impl Number {
    fn get(&self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Other(_) => None,
        }
    }
}

impl TokenAnswer {
    /// The token, with the end that the service gave it.
    pub(crate) fn token(&self, link: Link, now: DateTime<Utc>) -> Result<AccessToken, Error> {
        if self.access_token.is_empty() {
            return Err(Error::answer(link, "it holds an empty token"));
        }
        let lasts = self.expires_in.as_ref().and_then(Number::get);
        let ends = self.expires_on.as_ref().and_then(Number::get);
        let expires_at = lasts
            .and_then(TimeDelta::try_seconds)
            .and_then(|lasts| now.checked_add_signed(lasts))
            .or_else(|| DateTime::from_timestamp(ends?, 0))
            .or_else(|| DateTime::from_timestamp(Claims::of(&self.access_token)?.exp?, 0))
            .ok_or_else(|| Error::answer(link, "it does not say when the token expires"))?;
        Ok(AccessToken {
            secret: Secret::new(self.access_token.as_str()),
            expires_at,
            source: link,
        })
    }
}

/// Reads an answer; a status that is no success becomes [`Error::Refused`].
pub(crate) async fn read(link: Link, response: Response) -> Result<TokenAnswer, Error> {
    let status = response.status;
    let header_id = ["x-ms-request-id", "x-ms-correlation-request-id"]
        .iter()
        .find_map(|name| response.header(name))
        .map(str::to_owned);
    let body = body(link, response).await?;
    if status.is_success() {
        return serde_json::from_slice(&body)
            .map_err(|error| Error::answer(link, format!("it is no token answer: {error}")));
    }
    let mut refusal = refusal(status.as_u16(), &body);
    refusal.correlation_id = refusal.correlation_id.or(header_id);
    Err(Error::Refused {
        link,
        refusal: Box::new(refusal),
    })
}

/// A body within the limit.
pub(crate) async fn body(link: Link, response: Response) -> Result<Vec<u8>, Error> {
    let body = response.bytes().await.map_err(Error::transport(link))?;
    if body.len() > LARGEST_ANSWER_BYTES {
        return Err(Error::answer(link, "it is larger than 1 MiB"));
    }
    Ok(body.to_vec())
}

/// Reads the two shapes of refusals: OAuth's flat one, and the nested one of Azure's services.
pub(crate) fn refusal(status: u16, body: &[u8]) -> Refusal {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |value: &Value, names: &[&str]| {
        let found = names.iter().find_map(|name| value[*name].as_str());
        found.map(|text| text.chars().take(LONGEST_DESCRIPTION).collect::<String>())
    };
    let nested = &value["error"];
    Refusal {
        status,
        error: text(&value, &["error"])
            .or_else(|| text(nested, &["code"]))
            .unwrap_or_default(),
        description: text(&value, &["error_description", "message"])
            .or_else(|| text(nested, &["message"]))
            .unwrap_or_default(),
        correlation_id: text(&value, &["correlation_id"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::jwt;
    use serde_json::json;

    fn expiry(answer: Value) -> Result<i64, Error> {
        let answer: TokenAnswer = serde_json::from_value(answer).unwrap();
        let now = DateTime::from_timestamp(1_000, 0).unwrap();
        let token = answer.token(Link::AppService, now)?;
        Ok(token.expires_at.timestamp())
    }

    #[test]
    fn every_way_to_tell_the_expiry_is_understood() {
        assert_eq!(
            expiry(json!({"access_token": "a", "expires_in": 60})).unwrap(),
            1_060
        );
        assert_eq!(
            expiry(json!({"access_token": "a", "expires_in": "60"})).unwrap(),
            1_060
        );
        assert_eq!(
            expiry(json!({"access_token": "a", "expires_on": "2000"})).unwrap(),
            2_000
        );
        let token = jwt(json!({"exp": 3_000}));
        let dated = json!({"access_token": token, "expires_on": "09/14/2027 00:00:00 PM +00:00"});
        assert_eq!(expiry(dated).unwrap(), 3_000);
        assert!(expiry(json!({"access_token": "a"})).is_err());
        assert!(expiry(json!({"access_token": "", "expires_in": 60})).is_err());
    }

    #[test]
    fn refusals_of_both_shapes_and_of_none_are_read() {
        let flat =
            br#"{"error":"invalid_client","error_description":"AADSTS1: no","correlation_id":"c"}"#;
        let flat = refusal(401, flat);
        assert_eq!(
            (flat.error.as_str(), flat.description.as_str()),
            ("invalid_client", "AADSTS1: no")
        );
        assert_eq!(flat.correlation_id.as_deref(), Some("c"));
        let nested = refusal(400, br#"{"error":{"code":"Bad","message":"words"}}"#);
        assert_eq!(
            (nested.error.as_str(), nested.description.as_str()),
            ("Bad", "words")
        );
        assert_eq!(
            refusal(502, b"<html>").to_string(),
            "the token service answered with status 502"
        );
        let long = format!(r#"{{"error_description":"{}"}}"#, "x".repeat(100_000));
        assert_eq!(
            refusal(400, long.as_bytes()).description.len(),
            LONGEST_DESCRIPTION
        );
    }
}
