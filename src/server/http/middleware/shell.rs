//! The order of things around the router: ids, log, operators' paths, limits, panics, headers.

use axum::{
    body::Body,
    http::{Request, Response, header, request::Parts},
};
use tower::ServiceExt as _;
use tracing::Instrument as _;

use super::{
    access_log::{Access, Followed},
    body_limit, panic,
    read_on::ReadOn,
    request_id::RequestId,
    response_headers,
    site::Site,
};
use crate::http::{health, metrics::Metrics, peer::Peer};

/// A site with everything around it.
pub(crate) struct Shell {
    site: Site,
    metrics: Metrics,
}

impl Shell {
    pub(crate) fn new(site: Site) -> Self {
        let metrics = Metrics::with(&*site.figures);
        Self { site, metrics }
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// From now on `/readyz` sends new work elsewhere.
    pub(crate) fn set_draining(&self) {
        self.site.readiness.set_draining();
    }

    /// Answers one request.
    pub(crate) async fn respond(&self, request: Request<Body>, peer: Peer) -> Response<Followed> {
        let id = RequestId::of(request.headers());
        let access = Access::begin(&request, peer, &id, &self.metrics);
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(peer);
        parts.extensions.insert(id.clone());
        let host = host_of(&parts);
        let span = tracing::info_span!("request", id = &*id.request);
        let mut response = self.answer(parts, body, &host, &id).instrument(span).await;
        id.put_into(response.headers_mut());
        response_headers::add(response.headers_mut(), &host, peer.is_tls);
        access.follow(response)
    }

    async fn answer(&self, parts: Parts, body: Body, host: &str, id: &RequestId) -> Response<Body> {
        let site = &self.site;
        if (site.is_operations_host)(host) {
            let path = parts.uri.path();
            let answer = health::answer(&parts.method, path, &site.readiness, &self.metrics).await;
            if let Some(response) = answer {
                return response;
            }
        }
        let limit_bytes = if (site.has_large_body)(&parts) {
            u64::MAX
        } else {
            site.body_bytes
        };
        let body = match body_limit::admit(body, &parts.headers, limit_bytes).await {
            Ok(body) => body,
            Err(refusal) => return refusal,
        };
        let (body, verdict) = body_limit::limit(body, limit_bytes);
        let body = Body::new(ReadOn::new(body, &parts.headers));
        let request = Request::from_parts(parts, body);
        let router = site.router.clone();
        let handler = async move {
            let Ok(response) = router.oneshot(request).await;
            response
        };
        let response = panic::caught(handler, id).await;
        verdict.answer().unwrap_or(response)
    }
}

/// The host the client asked for, in small letters and without its port.
fn host_of(parts: &Parts) -> String {
    let header = || parts.headers.get(header::HOST)?.to_str().ok();
    let host = match parts.uri.host() {
        Some(host) => host,
        None => without_port(header().unwrap_or_default()),
    };
    host.trim_end_matches('.').to_ascii_lowercase()
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}
