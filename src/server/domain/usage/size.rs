//! What folded and outstanding deltas add up to.

use acr_store::{Document, Scan};
use serde::{Deserialize, Serialize};

use super::delta::{DELTA, Delta};
use crate::{
    app::App,
    domain::{Error, ErrorKind},
};

pub(super) const USAGE: &str = "usage";

/// Deltas that are read at a time.
const SLICE: u32 = 1000;
/// How often a sum is begun anew because the deltas were folded under it.
const MOST_ATTEMPTS: u32 = 16;

/// What is stored of all that was folded.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Folded {
    pub(super) bytes: i64,
}

/// The bytes of a registry, as they are.
pub async fn size(app: &App, registry_id: &str) -> Result<u64, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let before = app.meta().get(USAGE, registry_id).await?;
        let outstanding = outstanding(app, registry_id).await?;
        let after = app.meta().get(USAGE, registry_id).await?;
        if revision(&before) == revision(&after) {
            let folded = match &after {
                Some(document) => document.parse::<Folded>()?.bytes,
                None => 0,
            };
            return Ok(u64::try_from(folded.saturating_add(outstanding)).unwrap_or(0));
        }
    }
    Err(Error::new(
        ErrorKind::Unavailable,
        "ServiceUnavailable",
        "The usage of the registry is being counted. Try again.",
    ))
}

/// The bytes of a registry, as they were a few seconds ago at most: what a push is held against.
pub async fn recent(app: &App, registry_id: &str) -> Result<u64, Error> {
    let now = app.now();
    if let Some(bytes) = app.usage_memory().get(registry_id, now) {
        return Ok(bytes);
    }
    let bytes = size(app, registry_id).await?;
    app.usage_memory().keep(registry_id, bytes, now);
    Ok(bytes)
}

fn revision(document: &Option<Document>) -> Option<i64> {
    document.as_ref().map(|document| document.revision)
}

async fn outstanding(app: &App, registry_id: &str) -> Result<i64, Error> {
    let prefix = format!("{registry_id}/");
    let (mut bytes, mut after) = (0_i64, None::<String>);
    loop {
        let scan = Scan {
            collection: DELTA,
            prefix: &prefix,
            after: after.as_deref(),
            limit: SLICE,
        };
        let documents = app.meta().scan(scan).await?;
        for document in &documents {
            bytes = bytes.saturating_add(document.parse::<Delta>()?.bytes);
        }
        if documents.len() < SLICE as usize {
            return Ok(bytes);
        }
        after = documents.into_iter().last().map(|document| document.key);
    }
}
