//! Operations that go on after they were answered: what is stored of them.

use acr_store::Batch;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::id;
use crate::{app::App, domain::Error};

const COLLECTION: &str = "operation";
/// How long after its end an operation can be asked about.
const KEPT: TimeDelta = TimeDelta::days(1);

/// An operation as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// When it began.
    pub begun: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
}

/// Where an operation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// It is under way.
    Running,
    /// It did what it was to do.
    Succeeded,
    /// It did not.
    Failed {
        /// Why, as a word for programs.
        code: String,
        /// Why, as a sentence for people.
        message: String,
    },
}

/// The operation of this id, if it is remembered.
pub async fn find(app: &App, id: &str) -> Result<Option<Operation>, Error> {
    let now = app.now().timestamp_millis();
    let stored = app.meta().get(COLLECTION, id).await?;
    let stored = stored.filter(|document| document.expires_at_ms.is_none_or(|end| now < end));
    Ok(stored.map(|document| document.parse()).transpose()?)
}

/// Adds to a batch the beginning of an operation, and gives its id.
pub(in super::super) fn begin(
    kind: &str,
    now: DateTime<Utc>,
    batch: Batch,
) -> Result<(String, Batch), Error> {
    let id = id::remembered(kind)?;
    let operation = Operation {
        begun: now,
        state: State::Running,
    };
    let batch = batch.insert(COLLECTION, &id, &operation);
    Ok((id, batch))
}

/// Adds to a batch the end of an operation.
pub(in super::super) fn end(
    id: &str,
    begun: DateTime<Utc>,
    state: State,
    now: DateTime<Utc>,
    batch: Batch,
) -> Batch {
    let until = (now + KEPT).timestamp_millis();
    batch.put_until(COLLECTION, id, &Operation { begun, state }, until)
}
