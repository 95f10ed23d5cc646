//! The figures of the jobs: how often each ran, failed, and how long its last run took.

use std::{
    sync::atomic::{AtomicI64, AtomicU64},
    time::Duration,
};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    job: &'static str,
}

/// The figures of one server; clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    runs: Family<Labels, Counter<u64, AtomicU64>>,
    failures: Family<Labels, Counter<u64, AtomicU64>>,
    last_duration: Family<Labels, Gauge<f64, AtomicU64>>,
    running: Family<Labels, Gauge<i64, AtomicI64>>,
}

/// A run under way; dropping it ends it without a verdict.
pub(super) struct Ongoing(Gauge<i64, AtomicI64>);

impl Drop for Ongoing {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Figures {
    /// Puts the figures among those of the server.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register("acr_job_runs", "Runs of jobs that ended", self.runs.clone());
        registry.register(
            "acr_job_failures",
            "Runs of jobs that ended with an error",
            self.failures.clone(),
        );
        registry.register(
            "acr_job_last_duration_seconds",
            "How long the last run of a job took",
            self.last_duration.clone(),
        );
        registry.register(
            "acr_jobs_running",
            "Runs of jobs under way on this server",
            self.running.clone(),
        );
    }

    pub(super) fn begin(&self, job: &'static str) -> Ongoing {
        let running = self.running.get_or_create(&Labels { job }).clone();
        running.inc();
        Ongoing(running)
    }

    pub(super) fn ended(&self, job: &'static str, duration: Duration, is_failed: bool) {
        let labels = Labels { job };
        self.runs.get_or_create(&labels).inc();
        let failures = self.failures.get_or_create(&labels);
        if is_failed {
            failures.inc();
        }
        let last = self.last_duration.get_or_create(&labels);
        last.set(duration.as_secs_f64());
    }
}
