//! The stored form of an import under way, and the lease of the server that works on it.

use acr_store::{Batch, Document};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{place::Place, request::Wanted};
use crate::{
    app::App,
    domain::{
        Error,
        operation::{self, State},
    },
};

pub(super) const COLLECTION: &str = "import";
/// How long a server keeps others from a job without saying again that it works on it.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How often a job is begun: what a server does not survive three times is not tried again.
pub(super) const MOST_ATTEMPTS: u32 = 3;

/// What is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    /// The operation that tells of its end.
    pub(super) operation: String,
    pub(super) begun: DateTime<Utc>,
    /// The registry that is to have the image: its label, what tells it from another one that takes the label later,
    /// and its ARM id.
    pub(super) label: String,
    pub(super) registry_id: String,
    pub(super) resource: String,
    pub(super) place: Place,
    /// Whether the source wants a credential, which is not stored.
    pub(super) has_credential: bool,
    pub(super) wanted: Wanted,
    /// How often it was begun, not counting when it only waited.
    pub(super) attempts: u32,
    /// Until when a server works on it.
    pub(super) leased_until: DateTime<Utc>,
    /// Which server's work that is.
    pub(super) holder: String,
}

/// A job that this server works on.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) key: String,
    pub(super) job: Job,
    pub(super) revision: i64,
}

impl Held {
    pub(super) fn of(document: &Document) -> Result<Self, Error> {
        Ok(Self {
            key: document.key.clone(),
            job: document.parse()?,
            revision: document.revision,
        })
    }

    /// Takes the job if nobody works on it, or goes on holding it; false if another server has it.
    pub(super) async fn lease(&mut self, app: &App, until: DateTime<Utc>) -> Result<bool, Error> {
        self.job.leased_until = until;
        let batch = Batch::new().replace(COLLECTION, &self.key, self.revision, &self.job);
        is_done(app.meta().commit(batch).await)?;
        let Some(document) = app.meta().get(COLLECTION, &self.key).await? else {
            return Ok(false);
        };
        // What was refused because of a write of our own, whose answer was lost, is ours nevertheless.
        let is_ours = document.parse::<Job>()?.holder == self.job.holder;
        if is_ours {
            self.revision = document.revision;
        }
        Ok(is_ours)
    }

    /// Ends the operation and forgets the job, unless another server has it by now.
    pub(super) async fn end(&self, app: &App, state: State) -> Result<bool, Error> {
        let batch = Batch::new().remove_if(COLLECTION, &self.key, self.revision);
        let job = &self.job;
        let batch = operation::end(&job.operation, job.begun, state, app.now(), batch);
        is_done(app.meta().commit(batch).await)
    }
}

fn is_done(commit: Result<(), acr_store::Error>) -> Result<bool, Error> {
    match commit {
        Ok(()) => Ok(true),
        Err(acr_store::Error::Precondition { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
