//! Runs the jobs: one loop for each, for as long as the server is there.

use std::{panic::AssertUnwindSafe, time::Duration};

use chrono::TimeDelta;
use futures_util::FutureExt as _;
use tokio::{sync::watch, task::JoinSet, time::Instant};

use super::{
    collect_garbage::CollectGarbage,
    expire::RemoveExpired,
    expire_untagged::ExpireUntagged,
    fold_usage::FoldUsage,
    job::Job,
    lease::{Lease, Taken},
    purge_deleted::PurgeDeleted,
    resume_imports::ResumeImports,
    rewrap_keys::RewrapKeys,
};
use crate::{app::App, domain::Error};

/// What a server has to do when it starts comes before any job.
const START_DELAY: Duration = Duration::from_secs(30);

/// The jobs of a server at work.
pub(crate) struct Running {
    stop: watch::Sender<bool>,
    loops: JoinSet<()>,
}

/// What became of an attempt to run a job.
#[derive(Debug)]
pub(crate) enum Outcome<T> {
    /// It ran.
    Done(T),
    /// It runs on another server, or has just run there.
    Elsewhere,
    /// Its lease was lost or the server stops; what is left, the next run does.
    Dropped,
}

/// Starts all jobs.
pub(crate) fn start(app: &App) -> Running {
    let (stop, stopped) = watch::channel(false);
    let mut running = Running {
        stop,
        loops: JoinSet::new(),
    };
    running.add(app, &stopped, RemoveExpired);
    running.add(app, &stopped, CollectGarbage::default());
    running.add(app, &stopped, ExpireUntagged);
    running.add(app, &stopped, FoldUsage);
    running.add(app, &stopped, PurgeDeleted);
    running.add(app, &stopped, ResumeImports);
    running.add(app, &stopped, RewrapKeys);
    running
}

impl Running {
    fn add<J: Job>(&mut self, app: &App, stopped: &watch::Receiver<bool>, job: J) {
        if let Some(interval) = job.interval(app) {
            let repeated = repeat(app.clone(), job, interval, stopped.clone());
            self.loops.spawn(repeated);
        }
    }

    /// Ends the jobs and waits until each has given back its lease.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.loops.join_next().await.is_some() {}
    }
}

async fn repeat<J: Job>(app: App, job: J, interval: Duration, mut stopped: watch::Receiver<bool>) {
    let mut wait = START_DELAY.min(interval);
    while !has_stopped_within(wait, &mut stopped).await {
        wait = interval;
        // A tenth early is no harm; a tick that comes just before its time would wait for another whole one.
        let least = TimeDelta::from_std(interval.mul_f64(0.9)).unwrap_or(TimeDelta::MAX);
        let outcome = match job.has_work(&app).await {
            Ok(true) => attempt(&app, &job, Some(least), until(stopped.clone())).await,
            Ok(false) => continue,
            Err(error) => Err(error),
        };
        match outcome {
            Ok(Outcome::Done(report)) => tracing::debug!(job = J::NAME, ?report, "a job has run"),
            Ok(Outcome::Elsewhere) => {}
            Ok(Outcome::Dropped) => tracing::info!(job = J::NAME, "a job was broken off"),
            Err(error) => tracing::error!(job = J::NAME, %error, "a job failed"),
        }
    }
}

/// Whether the server stops before the wait is over.
async fn has_stopped_within(wait: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::time::timeout(wait, stopped.wait_for(|stopped| *stopped))
        .await
        .is_ok()
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the one who could say so is gone, and the server with it.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Runs a job because somebody asked for it, however short a time ago it ran.
pub(crate) async fn run_now<J: Job>(app: &App, job: &J) -> Result<Outcome<J::Report>, Error> {
    attempt(app, job, None, std::future::pending()).await
}

/// Runs a job once, under its lease.
pub(super) async fn attempt<J: Job>(
    app: &App,
    job: &J,
    least: Option<TimeDelta>,
    stopped: impl Future<Output = ()>,
) -> Result<Outcome<J::Report>, Error> {
    let lease = match Lease::take(app, J::NAME, least).await? {
        Taken::Here(lease) => lease,
        Taken::Elsewhere | Taken::TooSoon => return Ok(Outcome::Elsewhere),
    };
    let figures = app.job_figures();
    let ongoing = figures.begin(J::NAME);
    let start = Instant::now();
    let run = AssertUnwindSafe(job.run(app)).catch_unwind();
    let ended = tokio::select! {
        ended = run => Some(ended),
        () = lease.lost() => None,
        () = stopped => None,
    };
    drop(ongoing);
    let released = lease.release().await;
    let Some(ended) = ended else {
        return Ok(Outcome::Dropped);
    };
    // What it was, the log has from the panic itself.
    let report = ended.unwrap_or_else(|_| Err(Error::internal("the job panicked")));
    figures.ended(J::NAME, start.elapsed(), report.is_err());
    let report = report?;
    released?;
    Ok(Outcome::Done(report))
}
