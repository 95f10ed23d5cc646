//! What is known of a request and its answer, and the line that tells it.

use axum::{
    body::Body,
    http::{Method, Request, Response, StatusCode, Uri, header},
};
use hyper::body::Body as _;
use tokio::time::Instant;
use url::Url;

use super::Followed;
use crate::http::{
    metrics::{Metrics, Ongoing, route_of},
    middleware::RequestId,
    peer::Peer,
};

/// Longest path that is logged whole.
pub(super) const PATH_BYTES: usize = 2048;

/// When an answer is whole. A connection that has passed on as many bytes as were announced asks for no more, and so
/// does not learn that there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// When so many bytes are passed on.
    At(u64),
    /// When its body says that it has ended.
    Unknown,
    /// It is.
    Reached,
    /// Nobody knows of one: it broke off, there was none, or the connection still has to pass it on.
    Never,
}

/// What is known of a request; dropping it writes the line.
pub(in crate::http::middleware) struct Access {
    method: Method,
    uri: Uri,
    peer: Peer,
    id: RequestId,
    begun: Instant,
    status: Option<StatusCode>,
    sent_bytes: u64,
    end: End,
    metrics: Metrics,
    _ongoing: Ongoing,
}

impl Access {
    pub(in crate::http::middleware) fn begin<B>(
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
            end: End::Never,
            metrics: metrics.clone(),
            _ongoing: metrics.request(),
        }
    }

    /// Goes along with the answer until it has been sent.
    pub(in crate::http::middleware) fn follow(
        mut self,
        response: Response<Body>,
    ) -> Response<Followed> {
        self.status = Some(response.status());
        self.end = end_of(&self.method, &response);
        response.map(|body| Followed::new(body, self))
    }

    /// The id of the request.
    pub(super) fn request_id(&self) -> &str {
        &self.id.request
    }

    /// The connection has taken bytes of the body.
    pub(super) fn take(&mut self, bytes: usize) {
        self.sent_bytes += bytes as u64;
    }

    /// The body says that it has ended, which counts where nothing else was announced.
    pub(super) fn reach_end(&mut self) {
        if self.end == End::Unknown {
            self.end = End::Reached;
        }
    }

    /// The body says that it cannot go on, or it is not known how it ends.
    pub(super) fn break_off(&mut self) {
        self.end = End::Never;
    }

    /// The client has it all.
    pub(super) fn arrive(&mut self) {
        self.end = End::Reached;
    }

    /// Whether the connection has taken all of the answer.
    pub(super) fn is_whole(&self) -> bool {
        match self.end {
            End::Reached => true,
            End::At(length) => self.sent_bytes >= length,
            End::Unknown | End::Never => false,
        }
    }
}

/// Where the end of an answer's body is.
pub(super) fn end_of(method: &Method, response: &Response<Body>) -> End {
    let status = response.status();
    let has_none = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if *method == Method::HEAD || has_none || response.body().is_end_stream() {
        return End::Reached;
    }
    let announced = || {
        let value = response.headers().get(header::CONTENT_LENGTH)?;
        value.to_str().ok()?.parse().ok()
    };
    let length = response.body().size_hint().exact().or_else(announced);
    length.map_or(End::Unknown, End::At)
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
        let cut = !self.is_whole();
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
pub(super) fn shown(uri: &Uri) -> String {
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
