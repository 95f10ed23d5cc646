//! What the inner layers hand to the shell around them.

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, http::request::Parts};
use prometheus_client::registry::Registry as FigureRegistry;

use crate::http::health::Readiness;

/// Largest body a request may have where nothing else is said.
const BODY_BYTES: u64 = 4 * 1024 * 1024;

pub(super) type HostRule = Arc<dyn Fn(&str) -> bool + Send + Sync>;
pub(super) type Figures = Arc<dyn Fn(&mut FigureRegistry) + Send + Sync>;
pub(super) type RequestRule = Arc<dyn Fn(&Parts) -> bool + Send + Sync>;

/// A router, and the questions about it that the shell has to ask.
pub struct Site {
    pub(super) router: Router,
    pub(super) readiness: Readiness,
    pub(super) is_operations_host: HostRule,
    pub(super) has_large_body: RequestRule,
    pub(super) body_bytes: u64,
    pub(super) figures: Figures,
}

impl Site {
    /// A site that is always ready, answers operators on every host, and takes bodies up to 4 MiB.
    pub fn new(router: Router) -> Self {
        // axum's own limit is lower, and would answer before ours in another shape.
        let extractors = DefaultBodyLimit::max(BODY_BYTES as usize);
        Self {
            router: router.layer(extractors),
            readiness: Readiness::new(Arc::new(|| Box::pin(async { Ok(()) }))),
            is_operations_host: Arc::new(|_| true),
            has_large_body: Arc::new(|_| false),
            body_bytes: BODY_BYTES,
            figures: Arc::new(|_| {}),
        }
    }

    /// Shows the figures that this registers on `/metrics`, beside the shell's own.
    #[must_use]
    pub fn figures(
        mut self,
        register: impl Fn(&mut FigureRegistry) + Send + Sync + 'static,
    ) -> Self {
        self.figures = Arc::new(register);
        self
    }

    /// Asks this whether work can be taken, for `/readyz`; an error says in a word why not.
    #[must_use]
    pub fn ready<C, F>(mut self, check: C) -> Self
    where
        C: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.readiness = Readiness::new(Arc::new(move || Box::pin(check())));
        self
    }

    /// Answers `/healthz`, `/readyz` and `/metrics` only on these hosts; the port is cut off, letters are small.
    #[must_use]
    pub fn operations_on(mut self, rule: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.is_operations_host = Arc::new(rule);
        self
    }

    /// Takes bodies of any size on these requests, whose handlers have to read them as streams.
    #[must_use]
    pub fn large_bodies_on(
        mut self,
        rule: impl Fn(&Parts) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.has_large_body = Arc::new(rule);
        self
    }
}
