//! Removes for good what was deleted longer ago than its registry keeps such things.

use std::time::Duration;

use super::job::Job;
use crate::{
    app::App,
    domain::{
        Error, access,
        content::deleted::{has_any, purge},
    },
};

/// Days are counted, so an hour more is no harm.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The job.
pub(super) struct PurgeDeleted;

impl Job for PurgeDeleted {
    const NAME: &'static str = "purge-deleted";
    /// How many manifests and tags were removed.
    type Report = u64;

    fn interval(&self, _app: &App) -> Option<Duration> {
        Some(INTERVAL)
    }

    async fn has_work(&self, app: &App) -> Result<bool, Error> {
        has_any(app).await
    }

    async fn run(&self, app: &App) -> Result<u64, Error> {
        let mut purged = 0;
        for label in access::labels(app).await? {
            if let Some(registry) = access::by_label(app, &label).await? {
                purged += purge(app, &registry).await?;
            }
        }
        Ok(purged)
    }
}
