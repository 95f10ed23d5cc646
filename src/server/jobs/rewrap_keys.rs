//! Wraps the data keys of registries with the master key in use, after a new one was put in front of it.

use std::time::Duration;

use super::job::Job;
use crate::{
    app::App,
    domain::{
        Error,
        sealing::{self, Rewrapped},
    },
};

/// Whoever changes the master key wants to put the old one away soon.
const INTERVAL: Duration = Duration::from_secs(60);

/// The job.
pub(super) struct RewrapKeys;

impl Job for RewrapKeys {
    const NAME: &'static str = "rewrap-keys";
    type Report = Rewrapped;

    fn interval(&self, app: &App) -> Option<Duration> {
        app.sealing().master_key().map(|_| INTERVAL)
    }

    async fn has_work(&self, app: &App) -> Result<bool, Error> {
        sealing::has_retiring(app).await
    }

    async fn run(&self, app: &App) -> Result<Rewrapped, Error> {
        sealing::rewrap_all(app).await
    }
}
