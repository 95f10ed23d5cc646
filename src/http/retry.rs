//! When a failed attempt is worth another, and how long to wait for it.

use crate::error::{Error, ErrorKind};
use crate::response::Response;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use std::time::Duration;

/// The first pause; it doubles with each attempt.
const FIRST_PAUSE_MS: u64 = 400;
/// Who said nothing so many times is not asked again: each time costs the whole limit for silence.
const MOST_SILENCES: u32 = 2;
/// No pause of our own choice is longer.
const LONGEST_PAUSE_MS: u64 = 20_000;
/// A service that asks for a longer pause than this gets its answer shown instead, unless less was said.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(120);

/// How often a request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    longest_pause: Duration,
}

impl Retry {
    /// One attempt, whatever comes.
    pub const NEVER: Self = Self::attempts(1);
    /// Four attempts, as far as the method may be repeated.
    pub const STANDARD: Self = Self::attempts(4);

    /// At most so many attempts; none is read as one.
    pub const fn attempts(attempts: u32) -> Self {
        Self {
            attempts: if attempts == 0 { 1 } else { attempts },
            longest_pause: LONGEST_RETRY_AFTER,
        }
    }

    /// Shows the answer of a service that asks for a longer pause than this.
    pub const fn waiting_at_most(self, longest_pause: Duration) -> Self {
        Self {
            longest_pause,
            ..self
        }
    }

    /// The pause after an answer, if another attempt is worth it; for loops that send by
    /// [`Request::send_bulk`](crate::Request::send_bulk). `attempt` counts from 1.
    pub fn after_answer(
        self,
        attempt: u32,
        method: &Method,
        response: &Response,
    ) -> Option<Duration> {
        let outcome = Outcome::Answer(response.status, &response.headers);
        self.pause(attempt, method, outcome)
    }

    /// The pause after an attempt without an answer, if another one is worth it.
    pub fn after_error(self, attempt: u32, method: &Method, error: &Error) -> Option<Duration> {
        self.pause(attempt, method, Outcome::Error(error))
    }

    pub(crate) fn after(
        self,
        attempt: u32,
        method: &Method,
        result: &Result<Response, Error>,
    ) -> Option<Duration> {
        match result {
            Ok(response) => self.after_answer(attempt, method, response),
            Err(error) => self.after_error(attempt, method, error),
        }
    }

    fn pause(self, attempt: u32, method: &Method, outcome: Outcome<'_>) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        match outcome {
            Outcome::Error(error)
                if error.kind() == ErrorKind::Timeout && attempt >= MOST_SILENCES =>
            {
                None
            }
            Outcome::Error(error) => may_repeat_after(method, error).then(|| backoff(attempt)),
            Outcome::Answer(status, headers) => {
                let asked = retry_after(headers);
                if !is_passing(method, status, asked.is_some()) {
                    return None;
                }
                match asked {
                    Some(pause) if pause > self.longest_pause => None,
                    Some(pause) => Some(pause),
                    None => Some(backoff(attempt)),
                }
            }
        }
    }
}

/// What an attempt ended with.
enum Outcome<'a> {
    Error(&'a Error),
    Answer(StatusCode, &'a HeaderMap),
}

/// Whether sending again can do no harm: nothing arrived, or doing it twice is doing it once.
fn may_repeat_after(method: &Method, error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connect => true,
        ErrorKind::Timeout | ErrorKind::Interrupted => is_idempotent(method),
        ErrorKind::Request | ErrorKind::Tls | ErrorKind::Body => false,
    }
}

fn is_passing(method: &Method, status: StatusCode, has_retry_after: bool) -> bool {
    match status {
        StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::SERVICE_UNAVAILABLE => is_idempotent(method) || has_retry_after,
        StatusCode::REQUEST_TIMEOUT
        | StatusCode::INTERNAL_SERVER_ERROR
        | StatusCode::BAD_GATEWAY
        | StatusCode::GATEWAY_TIMEOUT => is_idempotent(method),
        _ => false,
    }
}

fn is_idempotent(method: &Method) -> bool {
    method.is_idempotent()
}

/// The pause a service asks for: `Retry-After` in seconds, or the millisecond forms of Azure.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    if let Some(seconds) = number(RETRY_AFTER.as_str()) {
        return Some(Duration::from_secs(seconds));
    }
    number("retry-after-ms")
        .or_else(|| number("x-ms-retry-after-ms"))
        .map(Duration::from_millis)
}

/// Exponential, with the upper half left to chance so that clients do not return in step.
fn backoff(attempt: u32) -> Duration {
    let ceiling = FIRST_PAUSE_MS
        .saturating_mul(1 << (attempt - 1).min(16))
        .min(LONGEST_PAUSE_MS);
    let chance = uuid::Uuid::new_v4().as_u64_pair().1 % (ceiling / 2 + 1);
    Duration::from_millis(ceiling / 2 + chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(retry: Retry, attempt: u32, method: Method, status: u16) -> Option<Duration> {
        let status = StatusCode::from_u16(status).unwrap();
        retry.pause(attempt, &method, Outcome::Answer(status, &HeaderMap::new()))
    }

    #[test]
    fn repeats_what_may_be_repeated() {
        let standard = Retry::STANDARD;
        assert!(answer(standard, 1, Method::GET, 503).is_some());
        assert!(answer(standard, 1, Method::PUT, 502).is_some());
        assert!(answer(standard, 1, Method::POST, 429).is_some());
        assert!(answer(standard, 1, Method::POST, 503).is_none());
        assert!(answer(standard, 1, Method::PATCH, 500).is_none());
        assert!(answer(standard, 1, Method::GET, 404).is_none());
    }

    #[test]
    fn stops_at_its_last_attempt() {
        assert!(answer(Retry::NEVER, 1, Method::GET, 503).is_none());
        assert!(answer(Retry::STANDARD, 3, Method::GET, 503).is_some());
        assert!(answer(Retry::STANDARD, 4, Method::GET, 503).is_none());
    }

    #[test]
    fn a_connection_that_never_stood_may_be_tried_again_by_any_method() {
        let refused = Error::new(ErrorKind::Connect, "x", "");
        let broken = Error::new(ErrorKind::Interrupted, "x", "");
        let pause = |method, error| Retry::STANDARD.pause(1, &method, Outcome::Error(error));
        assert!(pause(Method::POST, &refused).is_some());
        assert!(pause(Method::POST, &broken).is_none());
        assert!(pause(Method::GET, &broken).is_some());
    }

    #[test]
    fn silence_is_borne_twice() {
        let silent = Error::new(ErrorKind::Timeout, "x", "");
        let pause = |attempt| Retry::STANDARD.pause(attempt, &Method::GET, Outcome::Error(&silent));
        assert!(pause(1).is_some());
        assert!(pause(2).is_none());
    }

    #[test]
    fn obeys_the_pause_the_service_asks_for() {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, "7".parse().unwrap());
        let pause = |headers: &HeaderMap| {
            let outcome = Outcome::Answer(StatusCode::TOO_MANY_REQUESTS, headers);
            Retry::STANDARD.pause(1, &Method::GET, outcome)
        };
        assert_eq!(pause(&headers), Some(Duration::from_secs(7)));
        let hasty = Retry::STANDARD.waiting_at_most(Duration::from_secs(5));
        let outcome = Outcome::Answer(StatusCode::TOO_MANY_REQUESTS, &headers);
        assert_eq!(hasty.pause(1, &Method::GET, outcome), None);
        headers.insert(RETRY_AFTER, "3600".parse().unwrap());
        assert_eq!(pause(&headers), None);
        headers.remove(RETRY_AFTER);
        headers.insert("x-ms-retry-after-ms", "150".parse().unwrap());
        assert_eq!(pause(&headers), Some(Duration::from_millis(150)));
    }

    #[test]
    fn pauses_grow_and_stay_bounded() {
        for attempt in 1..20 {
            let ceiling = (FIRST_PAUSE_MS << (attempt - 1).min(16)).min(LONGEST_PAUSE_MS);
            let pause = u64::try_from(backoff(attempt).as_millis()).unwrap();
            assert!(
                pause >= ceiling / 2 && pause <= ceiling,
                "{attempt}: {pause}"
            );
        }
    }
}
