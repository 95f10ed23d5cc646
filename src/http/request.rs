//! One request: what is sent, and the loop that sends it until it is answered or given up.

use crate::client::{Client, Traffic};
use crate::error::{Error, ErrorKind};
use crate::redact::redact_url;
use crate::response::Response;
use crate::retry::Retry;
use crate::secret::Secret;
use crate::stream::{self, Upload};
use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};
use serde::Serialize;
use std::time::Duration;
use url::Url;

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
        loop {
            let result = self.attempt(&url, attempt).await;
            let Some(pause) = self.retry.after(attempt, &self.method, &result) else {
                return result;
            };
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
        let pulse = stream::Pulse::default();
        if let Some(upload) = upload {
            request = request
                .header(CONTENT_LENGTH, upload.length())
                .body(reqwest::Body::wrap_stream(upload.watched(&pulse)));
        }
        tracing::debug!(method = %self.method, url = shown, "bulk request");
        let limit = self.client.silence_limit();
        let answer = tokio::select! {
            answer = request.send() => answer,
            () = pulse.silence(limit) => {
                return Err(Error::new(ErrorKind::Timeout, shown, "nothing moved any more"));
            }
        };
        match answer {
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
        match request.send().await {
            Ok(answer) => {
                tracing::debug!(status = answer.status().as_u16(), url = shown, "answer");
                Ok(Response::new(answer, shown))
            }
            Err(error) => {
                let error = Error::from_reqwest(&error, &shown);
                tracing::debug!(%error, "no answer");
                Err(error)
            }
        }
    }
}
