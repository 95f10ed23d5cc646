//! Clears away documents that have ended: codes, tokens, places of listings.

use std::time::Duration;

use super::job::Job;
use crate::{app::App, domain::Error};

/// Readers look at the end of a document themselves, so there is no hurry.
const INTERVAL: Duration = Duration::from_secs(600);

/// The job.
pub(super) struct RemoveExpired;

impl Job for RemoveExpired {
    const NAME: &'static str = "remove-expired";
    /// How many documents there were.
    type Report = u64;

    fn interval(&self, _app: &App) -> Option<Duration> {
        Some(INTERVAL)
    }

    async fn run(&self, app: &App) -> Result<u64, Error> {
        let now_ms = app.now().timestamp_millis();
        Ok(app.meta().remove_expired(now_ms).await?)
    }
}
