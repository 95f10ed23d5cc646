//! Collections that somebody asked for: they go on when the asker is gone, and their outcome is kept for a day.
//!
//! ```text
//! collection     id      where it stands; while it runs, the moment by which its server writes again
//! ```

use std::time::Duration;

use acr_store::Batch;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{
    collect_garbage::CollectGarbage,
    schedule::{Outcome, run_now},
};
use crate::{
    app::App,
    domain::{Error, content::collect::Report},
};

const COLLECTION: &str = "collection";
const KEPT: TimeDelta = TimeDelta::days(1);
/// How often a run says that it goes on, and how long it is believed.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);
const BELIEVED: TimeDelta = TimeDelta::seconds(30);
/// How long a run waits for another one that is under way.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(200);

/// Where a collection stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum State {
    /// It is under way, or its server was killed since.
    Running {
        /// When it will have said again that it is.
        until_ms: i64,
    },
    /// It has ended.
    Done(Report),
    /// It has not done what it was to do, for this reason.
    Failed(String),
}

/// Begins a collection and gives its id.
pub(crate) async fn begin(app: &App, job: CollectGarbage) -> Result<String, Error> {
    let id = Uuid::new_v4().to_string();
    write(app, &id, &running(app)).await?;
    let (app, own) = (app.clone(), id.clone());
    tokio::spawn(async move {
        let state = tokio::select! {
            state = run(&app, &job) => state,
            error = stay_alive(&app, &own) => State::Failed(error.message().to_owned()),
        };
        if let Err(error) = write(&app, &own, &state).await {
            tracing::error!(%error, "the outcome of a collection is lost");
        }
    });
    Ok(id)
}

/// Where the collection of this id stands, if it is known.
pub(crate) async fn find(app: &App, id: &str) -> Result<Option<State>, Error> {
    let Some(document) = app.meta().get(COLLECTION, id).await? else {
        return Ok(None);
    };
    let state: State = document.parse()?;
    Ok(Some(match state {
        State::Running { until_ms } if until_ms < app.now().timestamp_millis() => State::Failed(
            "The server that collected was stopped. What is left, the next collection does."
                .to_owned(),
        ),
        state => state,
    }))
}

async fn run(app: &App, job: &CollectGarbage) -> State {
    let start = Instant::now();
    loop {
        match run_now(app, job).await {
            Ok(Outcome::Done(report)) => return State::Done(report),
            Ok(Outcome::Elsewhere) if start.elapsed() < PATIENCE => sleep(PAUSE).await,
            Ok(Outcome::Elsewhere) => {
                return State::Failed("Another collection is under way.".to_owned());
            }
            Ok(Outcome::Dropped) => {
                return State::Failed("The collection was broken off.".to_owned());
            }
            Err(error) => {
                tracing::error!(%error, "a collection failed");
                return State::Failed(error.message().to_owned());
            }
        }
    }
}

/// Says again and again that the run goes on; ends only when that cannot be said.
async fn stay_alive(app: &App, id: &str) -> Error {
    loop {
        sleep(SIGN_OF_LIFE).await;
        if let Err(error) = write(app, id, &running(app)).await {
            return error;
        }
    }
}

fn running(app: &App) -> State {
    State::Running {
        until_ms: (app.now() + BELIEVED).timestamp_millis(),
    }
}

async fn write(app: &App, id: &str, state: &State) -> Result<(), Error> {
    let until_ms = (app.now() + KEPT).timestamp_millis();
    let batch = Batch::new().put_until(COLLECTION, id, state, until_ms);
    Ok(app.meta().commit(batch).await?)
}
