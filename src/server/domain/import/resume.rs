//! Takes up imports that no server works on any more.

use acr_store::Scan;

use super::{
    job::{COLLECTION, Held, LEASE, MOST_ATTEMPTS},
    work::{failed, work},
};
use crate::{
    app::App,
    domain::{Error, random},
};

/// Jobs that are read at a time.
const SLICE: u32 = 200;

/// Whether there are imports that have not ended.
pub async fn is_any(app: &App) -> Result<bool, Error> {
    let scan = Scan {
        collection: COLLECTION,
        prefix: "",
        after: None,
        limit: 1,
    };
    Ok(!app.meta().scan(scan).await?.is_empty())
}

/// Goes through the jobs whose lease has ended: begins them again, or ends them where that makes no sense. Tells how
/// many it has begun.
pub async fn resume(app: &App) -> Result<usize, Error> {
    let mut begun = 0;
    let mut after: Option<String> = None;
    loop {
        let scan = Scan {
            collection: COLLECTION,
            prefix: "",
            after: after.as_deref(),
            limit: SLICE,
        };
        let documents = app.meta().scan(scan).await?;
        for document in &documents {
            begun += usize::from(take_up(app, Held::of(document)?).await?);
        }
        if documents.len() < SLICE as usize {
            return Ok(begun);
        }
        after = documents.into_iter().last().map(|document| document.key);
    }
}

async fn take_up(app: &App, mut held: Held) -> Result<bool, Error> {
    if app.now() < held.job.leased_until {
        return Ok(false);
    }
    let reason = match &held.job {
        job if job.has_credential => Some(
            "was not filled: the server that imported the image stopped, and only it knew the credential of the source. Begin the import again.",
        ),
        job if job.attempts >= MOST_ATTEMPTS => {
            Some("was not filled: no server that imported the image came to an end of it.")
        }
        _ => None,
    };
    if let Some(reason) = reason {
        held.end(app, failed(&held.job, "ImportInterrupted", reason))
            .await?;
        return Ok(false);
    }
    held.job.holder = random::letters_and_digits(16)?;
    if !held.lease(app, app.now() + LEASE).await? {
        return Ok(false);
    }
    tokio::spawn(work(app.clone(), held, None));
    Ok(true)
}
