//! Takes up the imports of images that a server did not live to finish.

use std::time::Duration;

use super::job::Job;
use crate::{
    app::App,
    domain::{Error, import},
};

/// Somebody waits for the image.
const INTERVAL: Duration = Duration::from_secs(10);

/// The job.
pub(super) struct ResumeImports;

impl Job for ResumeImports {
    const NAME: &'static str = "resume-imports";
    /// How many were begun again.
    type Report = usize;

    fn interval(&self, _app: &App) -> Option<Duration> {
        Some(INTERVAL)
    }

    async fn has_work(&self, app: &App) -> Result<bool, Error> {
        import::is_any(app).await
    }

    async fn run(&self, app: &App) -> Result<usize, Error> {
        import::resume(app).await
    }
}
