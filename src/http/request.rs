//! One request: what is sent, and the loop that sends it until it is answered or given up.

use crate::client::{Client, Traffic};
use crate::error::{Error, ErrorKind};
use crate::redact::redact_url;
use crate::response::Response;
use crate::retry::Retry;
use crate::secret::Secret;
use crate::stream::{self, Upload};
use bytes::Bytes;
use reqwest::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use std::time::Duration;
use url::Url;

/// A request that only reads is answered sooner than this, or not at all: gateways give up on what is behind
/// them earlier.
const LONGEST_READ: Duration = Duration::from_secs(30);

/// A request under construction. Mistakes in its parts are kept and shown by [`Request::send`].
#[derive(Debug)]
pub struct Request {
    client: Client,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<Bytes>,
    timeout: Option<Duration>,
    retry: Retry,
    mistake: Option<String>,
}

impl Request {
    pub(crate) fn new(client: Client, method: Method, url: &str) -> Self {
        Self {
            client,
            method,
            url: url.to_owned(),
            headers: HeaderMap::new(),
            body: None,
            timeout: None,
            retry: Retry::STANDARD,
            mistake: None,
        }
    }

    /// Sets a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            _ => self.mistake = Some(format!("the header {name:?} cannot be sent")),
        }
        self
    }

    /// Sets `Authorization: Bearer`.
    pub fn bearer(self, token: &Secret) -> Self {
        self.authorization(&format!("Bearer {}", token.expose()))
    }

    /// Sets `Authorization` to a value of any scheme.
    pub fn authorization(mut self, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.headers.insert(AUTHORIZATION, value);
            }
            Err(_) => self.mistake = Some("the credential holds forbidden bytes".to_owned()),
        }
        self
    }

    /// Sets a JSON body.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => {
                self.body = Some(bytes.into());
                self.header(CONTENT_TYPE.as_str(), "application/json")
            }
            Err(error) => {
                self.mistake = Some(error.to_string());
                self
            }
        }
    }

    /// Sets a form body.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.body = Some(body.into());
        self.header(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")
    }

    /// Sets a raw body.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Limits one attempt as a whole.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Says how often the request may be sent.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Sends the request, again where its [`Retry`] allows, and gives the last answer.
    pub async fn send(self) -> Result<Response, Error> {
        let url = self.checked_url()?;
        let mut attempt = 1;
        let mut is_lost = false;
        loop {
            let result = self.attempt(&url, attempt).await;
            let Some(pause) = self.retry.after(attempt, &self.method, &result) else {
                return self.ended(result, is_lost);
            };
            is_lost |= leaves_doubt(&result);
            tracing::debug!(
                attempt,
                pause_ms = pause.as_millis(),
                "the request will be sent again"
            );
            self.client.pause(pause, result.as_ref().ok()).await;
            attempt += 1;
        }
    }

    /// Sends the request once, with content of any length or none, and leaves the answer on the
    /// wire: [`Response::chunk`] reads it. Whether to try again is for the caller, who has the content.
    pub async fn send_bulk(self, upload: Option<Upload>) -> Result<Response, Error> {
        let url = self.checked_url()?;
        let shown = redact_url(&url);
        let mut request = self
            .client
            .pool(&url, Traffic::Bulk)?
            .request(self.method.clone(), url)
            .headers(self.headers);
        let limit = self.client.silence_limit();
        tracing::debug!(method = %self.method, url = shown, "bulk request");
        let answer = match upload {
            None => {
                let answer = self.client.answered_within(limit, &shown, request.send());
                answer.await.ok_or_else(|| Error::silence(&shown, limit))
            }
            Some(upload) => {
                let pulse = stream::Pulse::default();
                request = request
                    .header(CONTENT_LENGTH, upload.length())
                    .body(reqwest::Body::wrap_stream(upload.watched(&pulse)));
                let silence = "nothing moved any more";
                tokio::select! {
                    answer = request.send() => Ok(answer),
                    () = pulse.silence(limit) => Err(Error::new(ErrorKind::Timeout, &shown, silence)),
                }
            }
        };
        match answer? {
            Ok(answer) => {
                tracing::debug!(status = answer.status().as_u16(), url = shown, "answer");
                Ok(Response::new(answer, shown).with_silence_limit(limit))
            }
            Err(error) => Err(Error::from_reqwest(&error, &shown)),
        }
    }

    fn checked_url(&self) -> Result<Url, Error> {
        if let Some(mistake) = &self.mistake {
            return Err(Error::new(ErrorKind::Request, &self.url, mistake));
        }
        self.url
            .parse()
            .map_err(|error| Error::new(ErrorKind::Request, &self.url, format!("{error}")))
    }

    /// The last result, and whether an attempt before it may have done what was asked.
    fn ended(&self, result: Result<Response, Error>, is_lost: bool) -> Result<Response, Error> {
        match result {
            Ok(response) => Ok(response.after_lost_answer(is_lost)),
            Err(error) if self.method == Method::DELETE && (is_lost || error.has_left()) => {
                Err(error.of_deletion_in_doubt())
            }
            Err(error) => Err(error),
        }
    }

    async fn attempt(&self, url: &Url, attempt: u32) -> Result<Response, Error> {
        let shown = redact_url(url);
        let mut request = self
            .client
            .pool(url, Traffic::Calls)?
            .request(self.method.clone(), url.clone())
            .headers(self.headers.clone());
        match &self.body {
            Some(body) => request = request.body(body.clone()),
            // Some front ends refuse a POST that does not say how long it is.
            None if self.method == Method::POST => request = request.header(CONTENT_LENGTH, 0),
            None => {}
        }
        if let Some(limit) = self.timeout {
            request = request.timeout(limit);
        }
        tracing::debug!(method = %self.method, url = shown, attempt, "request");
        let limit = self.patience();
        let answer = self.client.answered_within(limit, &shown, request.send());
        let error = match answer.await {
            Some(Ok(answer)) => {
                tracing::debug!(status = answer.status().as_u16(), url = shown, "answer");
                return Ok(Response::new(answer, shown).with_silence_limit(limit));
            }
            Some(Err(error)) => Error::from_reqwest(&error, &shown),
            None => Error::silence(&shown, limit),
        };
        tracing::debug!(%error, "no answer");
        Err(error)
    }

    /// How long the service may say nothing.
    fn patience(&self) -> Duration {
        let limit = self.client.silence_limit();
        match self.method.is_safe() {
            true => limit.min(LONGEST_READ),
            false => limit,
        }
    }
}

/// Whether the request may have been carried out although the attempt did not succeed: its answer was lost on
/// the way, or something before the service gave one in its place.
fn leaves_doubt(result: &Result<Response, Error>) -> bool {
    match result {
        Ok(response) => matches!(
            response.status,
            StatusCode::INTERNAL_SERVER_ERROR
                | StatusCode::BAD_GATEWAY
                | StatusCode::GATEWAY_TIMEOUT
        ),
        Err(error) => error.has_left(),
    }
}
