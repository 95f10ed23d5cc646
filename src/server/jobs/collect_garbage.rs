//! Clears away what nothing needs any more.

use std::time::Duration;

use super::job::Job;
use crate::{
    app::App,
    domain::{
        Error,
        content::collect::{Report, collect},
    },
};

/// The job.
#[derive(Debug, Default)]
pub(crate) struct CollectGarbage {
    /// Whether it only looks.
    pub(crate) is_dry_run: bool,
}

impl Job for CollectGarbage {
    const NAME: &'static str = "collect-garbage";
    type Report = Report;

    fn interval(&self, app: &App) -> Option<Duration> {
        app.settings().gc_interval
    }

    async fn run(&self, app: &App) -> Result<Report, Error> {
        let report = collect(app, self.is_dry_run).await?;
        if report.has_removed() && !report.is_dry_run {
            tracing::info!(
                blobs = report.blobs.removed,
                links = report.links.removed,
                files = report.files.removed,
                uploads = report.uploads.removed,
                repositories = report.repositories.removed,
                freed_bytes = report.freed_bytes,
                "garbage collected"
            );
        }
        Ok(report)
    }
}
