//! The work on one import, with the lease that keeps other servers from it.

use std::{
    pin::pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use acr_api::arm::ImportCredentials;
use chrono::TimeDelta;
use futures_util::future::{Either, select};

use super::{
    fill::Fill,
    foreign::Foreign,
    job::{Held, Job, LEASE, MOST_ATTEMPTS},
    local::Local,
    place::Place,
    plan::Plan,
    refusal::{of_target, source},
    source::Source,
};
use crate::{
    app::App,
    domain::{
        Error,
        access::{self, Registry},
        operation::State,
    },
};

/// No image is so large that it takes longer; a source that never ends must not keep its place.
const LONGEST: Duration = Duration::from_secs(6 * 60 * 60);

/// How long a lease holds, and how often it is renewed.
pub(super) struct Lease(TimeDelta, Duration);

/// That of an import which is worked on: somebody wants it to go on soon if its server dies.
pub(super) const WORKING: Lease = Lease(LEASE, Duration::from_secs(10));
/// That of one which waits: there may be many, and renewing is writing.
const WAITING: Lease = Lease(TimeDelta::minutes(3), Duration::from_secs(60));

/// Works on a job to its end when its turn has come, or until another server has it.
pub(super) async fn work(app: App, mut held: Held, credentials: Option<ImportCredentials>) {
    let slots = &app.imports().slots;
    let registry_id = held.job.registry_id.clone();
    let slot = slots.take(&registry_id);
    let slot = match while_held(&app, &mut held, WAITING, slot).await {
        Some(Ok(slot)) => slot,
        Some(Err(error)) => {
            tracing::warn!(%error, operation = held.job.operation, "an import is not begun");
            return;
        }
        None => return,
    };
    held.job.attempts += 1;
    let job = held.job.clone();
    let attempt = slot.work(LONGEST, attempt(&app, &job, credentials.as_ref()));
    let Some(outcome) = while_held(&app, &mut held, WORKING, attempt).await else {
        return;
    };
    let outcome = outcome.unwrap_or_else(|_| Err(too_long()));
    if let Err(error) = settle(&app, &mut held, outcome).await {
        // Whoever finds the job when its lease has ended does it again.
        tracing::warn!(%error, operation = job.operation, "the end of an import is not written");
    }
}

/// Takes the lease and renews it until this is done; nothing if another server has the job.
///
/// The work goes on while a renewal is written: it may have the very connection to the database that
/// the renewal waits for. And a renewal once begun is awaited: what is written of the job next counts
/// on knowing its revision.
pub(super) async fn while_held<T>(
    app: &App,
    held: &mut Held,
    Lease(lease, renewal): Lease,
    done: impl Future<Output = T>,
) -> Option<T> {
    let mut done = pin!(done);
    let mut renewal = tokio::time::interval(renewal);
    loop {
        tokio::select! {
            biased;
            done = &mut done => return Some(done),
            _ = renewal.tick() => {}
        }
        let renewed = {
            let renewing = pin!(held.lease(app, app.now() + lease));
            match select(renewing, &mut done).await {
                Either::Left((renewed, _)) => renewed,
                Either::Right((done, renewing)) => {
                    told(renewing.await);
                    return Some(done);
                }
            }
        };
        if !told(renewed) {
            tracing::info!(operation = held.job.operation, "another server imports it");
            return None;
        }
    }
}

/// Whether the job is still ours, as far as that is known.
fn told(renewed: Result<bool, Error>) -> bool {
    renewed.unwrap_or_else(|error| {
        tracing::warn!(%error, "the lease of an import is not renewed");
        true
    })
}

/// Writes how the attempt ended. What may pass is tried again later.
async fn settle(app: &App, held: &mut Held, outcome: Result<(), Error>) -> Result<(), Error> {
    let state = match outcome {
        Ok(()) => State::Succeeded,
        Err(error) if error.is_passing() && may_be_tried_again(&held.job) => {
            tracing::warn!(%error, operation = held.job.operation, "an import is put off");
            held.lease(app, app.now() + LEASE).await?;
            return Ok(());
        }
        Err(error) => {
            tracing::debug!(%error, operation = held.job.operation, "an import failed");
            failed(&held.job, error.code(), error.message())
        }
    };
    held.end(app, state).await?;
    Ok(())
}

fn may_be_tried_again(job: &Job) -> bool {
    job.attempts < MOST_ATTEMPTS && !job.has_credential
}

/// The end of a job that failed, in the words of the service.
pub(super) fn failed(job: &Job, code: &str, why: &str) -> State {
    State::Failed {
        code: code.to_owned(),
        message: format!(
            "Operation {} failed. Resource {} {why}",
            job.operation, job.resource
        ),
    }
}

async fn attempt(
    app: &App,
    job: &Job,
    credentials: Option<&ImportCredentials>,
) -> Result<(), Error> {
    let wanted = &job.wanted;
    let (source, host) = open(app, job, credentials).await?;
    let root = source.resolve(&wanted.reference).await?;
    let plan = Plan::make(&source, root, wanted.has_referrers).await?;
    let registry = target(app, job).await?;
    let fill = Fill {
        app,
        registry: &registry,
        source: &source,
        host: &host,
        wanted,
        plan: &plan,
        brought: Mutex::default(),
    };
    let mut before = None;
    for target in &wanted.targets {
        fill.blobs(&target.repository, before).await?;
        before = Some(&target.repository);
    }
    // Names only now: a registry that was deleted meanwhile must not be filled any further.
    self::target(app, job).await?;
    for target in &wanted.targets {
        fill.manifests(target).await?;
    }
    Ok(())
}

async fn open(
    app: &App,
    job: &Job,
    credentials: Option<&ImportCredentials>,
) -> Result<(Source, String), Error> {
    let repository = &job.wanted.repository;
    match &job.place {
        Place::Foreign { host } => {
            let foreign = Foreign::open(app, host, repository, credentials).await?;
            Ok((Source::Foreign(foreign), host.clone()))
        }
        Place::Local { label, registry_id } => {
            let found = access::by_label(app, label).await?;
            let registry = found
                .filter(|registry| registry.registry_id == *registry_id)
                .ok_or_else(|| source("SourceNotFound", label, "it was deleted"))?;
            let host = registry.login_server.clone();
            let local = Local::open(app, registry, repository.clone()).await?;
            Ok((Source::Local(Box::new(local)), host))
        }
    }
}

async fn target(app: &App, job: &Job) -> Result<Arc<Registry>, Error> {
    let found = access::by_label(app, &job.label).await?;
    found
        .filter(|registry| registry.registry_id == job.registry_id)
        .ok_or_else(|| of_target(&job.label, Error::not_found("NotFound", "it was deleted")))
}

fn too_long() -> Error {
    Error::invalid("ImportTooSlow", "The import took more than six hours.")
}
