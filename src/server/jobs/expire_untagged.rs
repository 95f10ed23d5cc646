//! Deletes manifests that have had no tag for as long as their registries keep such ones.

use std::time::Duration;

use super::job::Job;
use crate::{
    app::App,
    domain::{
        Error,
        content::retention::{expire, has_any},
    },
};

/// A registry may keep them for no time at all, and expects them to be gone at once.
const INTERVAL: Duration = Duration::from_secs(60);

/// The job.
pub(super) struct ExpireUntagged;

impl Job for ExpireUntagged {
    const NAME: &'static str = "expire-untagged";
    /// How many manifests were deleted.
    type Report = u64;

    fn interval(&self, _app: &App) -> Option<Duration> {
        Some(INTERVAL)
    }

    async fn has_work(&self, app: &App) -> Result<bool, Error> {
        has_any(app).await
    }

    async fn run(&self, app: &App) -> Result<u64, Error> {
        expire(app).await
    }
}
