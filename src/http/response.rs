//! An answer, with a limit on how much of it is read.

use crate::error::{Error, ErrorKind};
use crate::retry::retry_after;
use bytes::{Bytes, BytesMut};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// The largest body that is gathered in memory.
const LARGEST_BODY_BYTES: usize = 64 * 1024 * 1024;

/// An answer whose body is still on the wire.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    inner: reqwest::Response,
    shown_url: String,
    silence_limit: Option<Duration>,
    follows_lost_answer: bool,
}

impl Response {
    pub(crate) fn new(inner: reqwest::Response, shown_url: String) -> Self {
        Self {
            status: inner.status(),
            headers: inner.headers().clone(),
            inner,
            shown_url,
            silence_limit: None,
            follows_lost_answer: false,
        }
    }

    /// Whether an earlier attempt of the request may have been carried out, although its answer did not say so.
    pub fn follows_lost_answer(&self) -> bool {
        self.follows_lost_answer
    }

    pub(crate) fn after_lost_answer(mut self, is_lost: bool) -> Self {
        self.follows_lost_answer = is_lost;
        self
    }

    /// Sets a limit for the time between two chunks.
    pub(crate) fn with_silence_limit(mut self, limit: Duration) -> Self {
        self.silence_limit = Some(limit);
        self
    }

    /// The address that was asked, fit to be shown.
    pub fn url(&self) -> &str {
        &self.shown_url
    }

    /// A header as text, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The pause that the service asks for before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(&self.headers)
    }

    /// All values of a header that may come more than once.
    pub fn header_values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let values = self.headers.get_all(name).into_iter();
        values.filter_map(|value| value.to_str().ok())
    }

    /// The next piece of the body, in the size the connection gave it; `None` at its end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let next = self.inner.chunk();
        let chunk = match self.silence_limit {
            None => next.await,
            Some(limit) => match tokio::time::timeout(limit, next).await {
                Ok(chunk) => chunk,
                Err(_) => {
                    let why = "nothing came any more";
                    return Err(Error::new(ErrorKind::Timeout, &self.shown_url, why));
                }
            },
        };
        chunk.map_err(|error| Error::from_reqwest(&error, &self.shown_url))
    }

    /// The whole body.
    pub async fn bytes(self) -> Result<Bytes, Error> {
        self.bytes_within(LARGEST_BODY_BYTES).await
    }

    /// The whole body, if it is no larger than this.
    pub async fn bytes_within(mut self, limit: usize) -> Result<Bytes, Error> {
        let mut body = BytesMut::new();
        loop {
            match self.chunk().await? {
                Some(chunk) if body.len() + chunk.len() > limit => {
                    return Err(self.unreadable(&format!("it is larger than {limit} bytes")));
                }
                Some(chunk) => body.extend_from_slice(&chunk),
                None => return Ok(body.freeze()),
            }
        }
    }

    /// The body as text; bytes that are no UTF-8 are replaced.
    pub async fn text(self) -> Result<String, Error> {
        let bytes = self.bytes().await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The body read as JSON.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, Error> {
        let url = self.shown_url.clone();
        let bytes = self.bytes().await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Error::new(
                ErrorKind::Body,
                url,
                format!("it is not the JSON expected: {error}"),
            )
        })
    }

    fn unreadable(&self, why: &str) -> Error {
        Error::new(ErrorKind::Body, &self.shown_url, why)
    }
}
