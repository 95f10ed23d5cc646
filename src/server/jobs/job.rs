//! What a job says of itself.

use std::{fmt::Debug, time::Duration};

use crate::{app::App, domain::Error};

/// Slow work that is done again and again.
pub(crate) trait Job: Send + Sync + 'static {
    /// Its name in the log, among the figures and in the store, where it must stay the same.
    const NAME: &'static str;

    /// What a run comes to.
    type Report: Debug + Send;

    /// How long after the start of one run the next is due; `None` if it runs only when somebody asks for it.
    fn interval(&self, app: &App) -> Option<Duration>;

    /// Whether a run would find anything. Asked first, so that a server with nothing to do writes nothing.
    fn has_work(&self, _app: &App) -> impl Future<Output = Result<bool, Error>> + Send {
        async { Ok(true) }
    }

    /// Does what there is to do, in slices. May be dropped at any time.
    fn run(&self, app: &App) -> impl Future<Output = Result<Self::Report, Error>> + Send;
}
