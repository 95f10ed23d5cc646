//! One collection, from the uploads to the bytes.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Report, bytes, known, link, registry, repository, upload};
use crate::{app::App, domain::Error};

/// Documents that are read, or removed by one batch, at a time.
pub(super) const SLICE: u32 = 500;
/// How many removals are under way at the same time.
pub(super) const AT_ONCE: usize = 16;
/// Bytes that nothing names are kept so long even if the server was told to wait less: they may be those of a
/// request that is about to name them.
const LEAST_AGE_OF_BYTES: TimeDelta = TimeDelta::hours(1);

/// A collection under way.
pub(super) struct Collection<'a> {
    pub(super) app: &'a App,
    /// When it began: what came later is none of its business.
    begun: DateTime<Utc>,
    pub(super) report: Report,
}

/// Clears away what nothing needs, or only tells what that is.
pub async fn collect(app: &App, is_dry_run: bool) -> Result<Report, Error> {
    let mut collection = Collection {
        app,
        begun: app.now(),
        report: Report {
            is_dry_run,
            ..Report::default()
        },
    };
    // Read before any bytes are listed: an upload that ends becomes a blob, never the other way round.
    let written = upload::clear(&mut collection).await?;
    registry::clear(&mut collection).await?;
    repository::clear(&mut collection).await?;
    link::clear(&mut collection).await?;
    known::clear(&mut collection).await?;
    bytes::clear(&mut collection, &written).await?;
    Ok(collection.report)
}

impl Collection<'_> {
    pub(super) fn is_dry_run(&self) -> bool {
        self.report.is_dry_run
    }

    /// Links that nobody was told of since may go.
    pub(super) fn end_of_grace_ms(&self) -> i64 {
        self.before(self.app.settings().gc_grace)
    }

    /// Bytes that were last written before may go.
    pub(super) fn end_of_bytes_ms(&self) -> i64 {
        self.before(self.app.settings().gc_grace.max(LEAST_AGE_OF_BYTES))
    }

    fn before(&self, age: TimeDelta) -> i64 {
        let begun_ms = self.begun.timestamp_millis();
        begun_ms.saturating_sub(age.num_milliseconds())
    }
}
