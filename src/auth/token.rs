//! A token, and how long it lasts.

use crate::link::Link;
use acr_http::Secret;
use chrono::{DateTime, TimeDelta, Utc};

/// A token with less time left than this is renewed, as MSAL does.
const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(5);

/// A token that opens one resource until it expires.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// What goes into `Authorization: Bearer`.
    pub secret: Secret,
    /// When the service stops taking it.
    pub expires_at: DateTime<Utc>,
    /// The link it came from.
    pub source: Link,
}

impl AccessToken {
    /// Whether there is enough time left to begin something with it.
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        self.expires_at - now >= RENEW_BEFORE
    }
}
