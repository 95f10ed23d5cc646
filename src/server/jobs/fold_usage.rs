//! Folds what pushes and removals said of the bytes of registries.

use std::time::Duration;

use super::job::Job;
use crate::{
    app::App,
    domain::{Error, usage},
};

/// Whoever asks for the bytes reads what is not folded yet.
const INTERVAL: Duration = Duration::from_secs(30);

/// The job.
pub(super) struct FoldUsage;

impl Job for FoldUsage {
    const NAME: &'static str = "fold-usage";
    /// How many changes were folded.
    type Report = u64;

    fn interval(&self, _app: &App) -> Option<Duration> {
        Some(INTERVAL)
    }

    async fn has_work(&self, app: &App) -> Result<bool, Error> {
        usage::is_outstanding(app).await
    }

    async fn run(&self, app: &App) -> Result<u64, Error> {
        usage::fold(app).await
    }
}
