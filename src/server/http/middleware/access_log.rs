//! One log line and one measurement for every request, written when its answer has been sent.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    http::{Method, Request, Response, StatusCode, Uri},
};
use bytes::{Buf as _, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Instant;
use url::Url;

use super::request_id::RequestId;
use crate::http::{
    metrics::{Metrics, Ongoing, route_of},
    peer::Peer,
};

/// Longest path that is logged whole.
const PATH_BYTES: usize = 2048;

/// What is known of a request; dropping it writes the line.
pub(super) struct Access {
    method: Method,
    uri: Uri,
    peer: Peer,
    id: RequestId,
    begun: Instant,
    status: Option<StatusCode>,
    sent_bytes: u64,
    was_cut: bool,
    metrics: Metrics,
    _ongoing: Ongoing,
}

impl Access {
    pub(super) fn begin<B>(
        request: &Request<B>,
        peer: Peer,
        id: &RequestId,
        metrics: &Metrics,
    ) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            peer,
            id: id.clone(),
            begun: Instant::now(),
            status: None,
            sent_bytes: 0,
            was_cut: false,
            metrics: metrics.clone(),
            _ongoing: metrics.request(),
        }
    }

    /// Goes along with the answer until it has been sent.
    pub(super) fn follow(mut self, response: Response<Body>) -> Response<Followed> {
        self.status = Some(response.status());
        response.map(|body| Followed { body, access: self })
    }
}

impl Drop for Access {
    fn drop(&mut self) {
        let elapsed = self.begun.elapsed();
        let route = route_of(self.uri.path());
        if let Some(status) = self.status {
            self.metrics.answered(&self.method, route, status, elapsed);
        }
        let status = self.status.map(|status| status.as_u16());
        let duration_ms = elapsed.as_secs_f64() * 1000.0;
        let cut = self.was_cut || self.status.is_none();
        let path = shown(&self.uri);
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    method = %self.method,
                    path,
                    status,
                    duration_ms,
                    bytes = self.sent_bytes,
                    cut,
                    peer = %self.peer.addr,
                    request_id = &*self.id.request,
                    correlation_id = &*self.id.correlation,
                    "request"
                )
            };
        }
        // Probes come every few seconds and say nothing new.
        if route == "operations" {
            line!(debug);
        } else {
            line!(info);
        }
    }
}

/// The path as it may be logged: without the values of parameters that are credentials.
fn shown(uri: &Uri) -> String {
    let mut text = match uri.path_and_query() {
        Some(whole) if whole.query().is_some() => {
            match Url::parse(&format!("http://host{whole}")) {
                Ok(url) => {
                    let redacted = acr_http::redact_url(&url);
                    redacted
                        .strip_prefix("http://host")
                        .map_or(redacted.clone(), str::to_owned)
                }
                Err(_) => uri.path().to_owned(),
            }
        }
        _ => uri.path().to_owned(),
    };
    if text.len() > PATH_BYTES {
        let end = text.floor_char_boundary(PATH_BYTES);
        text.truncate(end);
        text.push('…');
    }
    text
}

/// An answer's body that counts what is sent.
pub(crate) struct Followed {
    body: Body,
    access: Access,
}

impl HttpBody for Followed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    self.access.sent_bytes += data.remaining() as u64;
                }
                self.access.was_cut = !self.body.is_end_stream();
            }
            Poll::Ready(Some(Err(error))) => {
                self.access.was_cut = true;
                tracing::warn!(%error, request_id = &*self.access.id.request, "an answer broke off");
            }
            Poll::Ready(None) => self.access.was_cut = false,
            Poll::Pending => self.access.was_cut = true,
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_a_query_are_not_shown() {
        let shown = |uri: &str| shown(&uri.parse().unwrap());
        assert_eq!(shown("/v2/"), "/v2/");
        assert_eq!(shown("https://a.localhost/x?n=1"), "/x?n=1");
        let line = shown(
            "/blob?sv=1&sig=SECRETVALUE&code=SECRETVALUE&ACCESS_TOKEN=SECRETVALUE&%73ig=SECRETVALUE",
        );
        assert!(
            !line.contains("SECRETVALUE") && line.contains("sv=1"),
            "{line}"
        );
        assert!(shown(&format!("/{}", "a".repeat(9000))).len() < PATH_BYTES + 8);
        assert_eq!(shown("*"), "*");
    }
}
