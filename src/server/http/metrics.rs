//! The server's own figures, for Prometheus.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64},
    },
    time::Duration,
};

use axum::http::{Method, StatusCode};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::Registry,
};

use crate::clock;

/// From a manifest out of memory to an upload over a slow line.
const DURATION_BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0,
];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: &'static str,
}

/// Counters of one server; cheap to clone.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter<u64, AtomicU64>>,
    durations: Family<RouteLabels, Histogram, fn() -> Histogram>,
    in_flight: Gauge<i64, AtomicI64>,
    connections: Gauge<i64, AtomicI64>,
}

/// One thing that is going on; dropping it ends it.
pub(crate) struct Ongoing(Gauge<i64, AtomicI64>);

impl Drop for Ongoing {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// The counters, and others that are shown with them.
    pub(crate) fn with(register_others: impl FnOnce(&mut Registry)) -> Self {
        let mut registry = Registry::default();
        let requests = Family::default();
        let durations = Family::new_with_constructor(
            (|| Histogram::new(DURATION_BUCKETS)) as fn() -> Histogram,
        );
        let in_flight = Gauge::default();
        let connections = Gauge::default();
        let start: Gauge<i64, AtomicI64> = Gauge::default();
        start.set(clock::now().timestamp());
        registry.register("acr_http_requests", "Requests answered", requests.clone());
        registry.register(
            "acr_http_request_duration_seconds",
            "Time from a request's head to the end of its answer",
            durations.clone(),
        );
        registry.register(
            "acr_http_requests_in_flight",
            "Requests being answered",
            in_flight.clone(),
        );
        registry.register("acr_connections", "Open connections", connections.clone());
        registry.register(
            "process_start_time_seconds",
            "When the server started, in seconds since 1970",
            start,
        );
        let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("acr_build", "The running program", build);
        register_others(&mut registry);
        Self {
            registry: Arc::new(registry),
            requests,
            durations,
            in_flight,
            connections,
        }
    }

    pub(crate) fn connection(&self) -> Ongoing {
        self.connections.inc();
        Ongoing(self.connections.clone())
    }

    pub(crate) fn request(&self) -> Ongoing {
        self.in_flight.inc();
        Ongoing(self.in_flight.clone())
    }

    pub(crate) fn answered(
        &self,
        method: &Method,
        route: &'static str,
        status: StatusCode,
        duration: Duration,
    ) {
        let labels = RequestLabels {
            method: bounded(method),
            route,
            status: status.as_u16(),
        };
        self.requests.get_or_create(&labels).inc();
        self.durations
            .get_or_create(&RouteLabels { route })
            .observe(duration.as_secs_f64());
    }

    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// A client may send any word as a method; labels must not grow with what clients think of.
fn bounded(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"];
    KNOWN
        .into_iter()
        .find(|known| method.as_str() == *known)
        .unwrap_or("other")
}

/// The part of the service a path belongs to.
pub(crate) fn route_of(path: &str) -> &'static str {
    let first = path.split('/').nth(1).unwrap_or_default();
    match first.to_ascii_lowercase().as_str() {
        "healthz" | "readyz" | "metrics" => "operations",
        "subscriptions" | "providers" | "tenants" | "metadata" => "arm",
        "v1.0" | "beta" => "graph",
        "v2" => "registry",
        "acr" => "acr",
        _ if path.contains("/oauth2/") || path.contains("/.well-known/") => "token",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_do_not_grow_with_what_clients_send() {
        let metrics = Metrics::with(|_| {});
        for word in ["GET", "BREW", "PROPFIND"] {
            let method = Method::from_bytes(word.as_bytes()).unwrap();
            let route = route_of("/anything/at/all");
            metrics.answered(&method, route, StatusCode::OK, Duration::from_millis(3));
        }
        let text = metrics.render();
        assert!(
            text.contains(r#"acr_http_requests_total{method="GET",route="other",status="200"} 1"#),
            "{text}"
        );
        assert!(
            text.contains(
                r#"acr_http_requests_total{method="other",route="other",status="200"} 2"#
            )
        );
        assert!(text.contains(r#"acr_http_request_duration_seconds_count{route="other"} 3"#));
        assert!(text.contains(&format!(
            r#"acr_build_info{{version="{}"}} 1"#,
            env!("CARGO_PKG_VERSION")
        )));
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn what_goes_on_is_counted_while_it_does() {
        let metrics = Metrics::with(|_| {});
        let (one, two) = (metrics.request(), metrics.connection());
        assert!(metrics.render().contains("acr_http_requests_in_flight 1"));
        drop((one, two));
        assert!(metrics.render().contains("acr_http_requests_in_flight 0"));
        assert!(metrics.render().contains("acr_connections 0"));
    }

    #[test]
    fn routes_are_told_by_their_paths() {
        for (path, route) in [
            ("/SUBSCRIPTIONS/x", "arm"),
            ("/readyz", "operations"),
            ("/v2/", "registry"),
            ("/tenant/oauth2/v2.0/token", "token"),
            ("/tenant/v2.0/.well-known/openid-configuration", "token"),
            ("/", "other"),
            ("*", "other"),
        ] {
            assert_eq!(route_of(path), route, "{path}");
        }
    }
}
