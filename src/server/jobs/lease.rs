//! Leases: which server works on a job, and when the job was begun last.
//!
//! ```text
//! job      name      the holder and until when, nobody in between; the start of the last run
//! ```

use std::time::Duration;

use acr_store::{Batch, Document, Scan};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{app::App, domain::Error};

const COLLECTION: &str = "job";
/// How long a lease holds when it is not renewed: a job waits so long after its server was killed.
const TERM: Duration = Duration::from_secs(30);
/// How often it is renewed, so that it outlasts a moment without the database.
const RENEWAL: Duration = Duration::from_secs(10);
/// More than there are.
const MOST_JOBS: u32 = 100;

/// What is stored.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    until_ms: i64,
    started_ms: i64,
}

/// A lease that was taken; it is given back with [`Lease::release`] or ends by itself.
pub(super) struct Lease<'a> {
    app: &'a App,
    job: &'static str,
    holder: String,
}

/// What became of an attempt to take a lease.
pub(super) enum Taken<'a> {
    /// It is ours.
    Here(Lease<'a>),
    /// Another server works on the job.
    Elsewhere,
    /// Somebody has begun the job so short a time ago that it is not due.
    TooSoon,
}

impl<'a> Lease<'a> {
    /// Takes the lease of a job if nobody has it and, where an interval is given, the last run began that long ago.
    pub(super) async fn take(
        app: &'a App,
        job: &'static str,
        interval: Option<TimeDelta>,
    ) -> Result<Taken<'a>, Error> {
        let now_ms = app.now().timestamp_millis();
        let stored = app.meta().get(COLLECTION, job).await?;
        if let Some(document) = &stored {
            let record: Record = document.parse()?;
            if record.holder.is_some() && now_ms < record.until_ms {
                return Ok(Taken::Elsewhere);
            }
            let due_ms = interval.map(|interval| record.started_ms + interval.num_milliseconds());
            // A clock that was set back must not put the job off for ever.
            if due_ms.is_some_and(|due_ms| now_ms < due_ms && record.started_ms <= now_ms) {
                return Ok(Taken::TooSoon);
            }
        }
        let holder = Uuid::new_v4().to_string();
        let record = Record {
            holder: Some(holder.clone()),
            until_ms: until_ms(app),
            started_ms: now_ms,
        };
        match write(app, job, stored.as_ref(), &record).await? {
            true => Ok(Taken::Here(Self { app, job, holder })),
            false => Ok(Taken::Elsewhere),
        }
    }

    /// Renews the lease; ends when it is lost.
    pub(super) async fn lost(&self) {
        let mut renewed = Instant::now();
        loop {
            tokio::time::sleep(RENEWAL).await;
            match self.renew().await {
                Ok(true) => renewed = Instant::now(),
                Ok(false) => return,
                Err(error) if renewed.elapsed() + RENEWAL > TERM => {
                    tracing::warn!(job = self.job, %error, "a lease could not be renewed");
                    return;
                }
                Err(_) => {}
            }
        }
    }

    pub(super) async fn renew(&self) -> Result<bool, Error> {
        let until_ms = until_ms(self.app);
        self.change(|record| record.until_ms = until_ms).await
    }

    /// Gives the lease back, unless it was lost.
    pub(super) async fn release(self) -> Result<(), Error> {
        self.change(|record| record.holder = None).await.map(drop)
    }

    /// Whether the lease was still ours, and is changed.
    async fn change(&self, change: impl FnOnce(&mut Record)) -> Result<bool, Error> {
        let Some(document) = self.app.meta().get(COLLECTION, self.job).await? else {
            return Ok(false);
        };
        let mut record: Record = document.parse()?;
        if record.holder.as_deref() != Some(&self.holder) {
            return Ok(false);
        }
        change(&mut record);
        write(self.app, self.job, Some(&document), &record).await
    }
}

/// Ends the leases of the server that had the database before: a database of one server alone has no other holder, so
/// that no job has to wait because that one was killed.
pub(crate) async fn end_all(app: &App) -> Result<(), Error> {
    let scan = Scan {
        collection: COLLECTION,
        prefix: "",
        after: None,
        limit: MOST_JOBS,
    };
    for document in app.meta().scan(scan).await? {
        let mut record: Record = document.parse()?;
        if record.holder.take().is_some() {
            write(app, &document.key, Some(&document), &record).await?;
        }
    }
    Ok(())
}

fn until_ms(app: &App) -> i64 {
    app.now().timestamp_millis() + TERM.as_millis() as i64
}

/// Writes what is to follow on what was read; false if somebody else was faster.
async fn write(
    app: &App,
    job: &str,
    seen: Option<&Document>,
    record: &Record,
) -> Result<bool, Error> {
    let batch = match seen {
        Some(document) => Batch::new().replace(COLLECTION, job, document.revision, record),
        None => Batch::new().insert(COLLECTION, job, record),
    };
    match app.meta().commit(batch).await {
        Ok(()) => Ok(true),
        Err(acr_store::Error::Precondition { .. } | acr_store::Error::Exists { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
