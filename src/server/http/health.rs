//! `/healthz`, `/readyz` and `/metrics`: what an operator's tools ask.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    body::Body,
    http::{HeaderValue, Method, Response, StatusCode, header},
};
use tokio::time::timeout;

use super::metrics::Metrics;

/// A probe that waits longer than this is as good as failed to most who send it.
const READY_WITHIN: Duration = Duration::from_secs(5);

type Check = dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync;

/// Whether the server can take work.
#[derive(Clone)]
pub(crate) struct Readiness {
    check: Arc<Check>,
    is_draining: Arc<AtomicBool>,
}

impl Readiness {
    pub(crate) fn new(check: Arc<Check>) -> Self {
        Self {
            check,
            is_draining: Arc::default(),
        }
    }

    pub(crate) fn set_draining(&self) {
        self.is_draining.store(true, Ordering::Release);
    }

    async fn state(&self) -> Result<(), String> {
        if self.is_draining.load(Ordering::Acquire) {
            return Err("draining".to_owned());
        }
        timeout(READY_WITHIN, (self.check)())
            .await
            .unwrap_or_else(|_| Err("the database does not answer".to_owned()))
    }
}

/// Answers if the path is an operator's; `None` leaves it to the router.
pub(crate) async fn answer(
    method: &Method,
    path: &str,
    readiness: &Readiness,
    metrics: &Metrics,
) -> Option<Response<Body>> {
    if !matches!(path, "/healthz" | "/readyz" | "/metrics") {
        return None;
    }
    if method != Method::GET && method != Method::HEAD {
        return Some(text(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n"));
    }
    Some(match path {
        "/healthz" => text(StatusCode::OK, "ok\n"),
        "/readyz" => match readiness.state().await {
            Ok(()) => text(StatusCode::OK, "ok\n"),
            Err(reason) => text(StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")),
        },
        _ => render(metrics),
    })
}

fn render(metrics: &Metrics) -> Response<Body> {
    let mut response = text(StatusCode::OK, metrics.render());
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8"),
    );
    response
}

fn text(status: StatusCode, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}
