//! Bytes that nothing names: what crashes, broken requests and failed removals left in the store of blobs.

use std::collections::HashSet;

use acr_store::{
    Scan,
    blob::{Entry, Key},
};

use super::{
    super::{blob::condemn, collection::BLOB_STORAGE, refusal::blob_store},
    run::{Collection, SLICE},
};
use crate::{app::App, domain::Error};

/// Removes bytes that were last written before the grace and that neither a blob nor an upload names; `written` are
/// those of the uploads.
pub(super) async fn clear(
    collection: &mut Collection<'_>,
    written: &HashSet<Key>,
) -> Result<(), Error> {
    let app = collection.app;
    let mut after: Option<Key> = None;
    loop {
        let listed = app.blobs().list(after.as_ref(), SLICE as usize).await;
        let entries = listed.map_err(blob_store)?;
        let Some(last) = entries.last().map(|entry| entry.key.clone()) else {
            return Ok(());
        };
        let named = named(app, after.as_ref(), &last).await?;
        for entry in &entries {
            let is_old = entry.modified_ms < collection.end_of_bytes_ms();
            let is_named = written.contains(&entry.key) || named.contains(entry.key.as_str());
            let is_removed = is_old && !is_named && remove(collection, entry).await?;
            collection.report.files.add(is_removed);
        }
        if entries.len() < SLICE as usize {
            return Ok(());
        }
        after = Some(last);
    }
}

/// What blobs name, from behind one key to another one.
async fn named(app: &App, after: Option<&Key>, last: &Key) -> Result<HashSet<String>, Error> {
    let mut named = HashSet::new();
    let mut after = after.map(|key| key.as_str().to_owned());
    loop {
        let scan = Scan {
            collection: BLOB_STORAGE,
            prefix: "",
            after: after.as_deref(),
            limit: SLICE,
        };
        let documents = app.meta().scan(scan).await?;
        let is_last = documents.len() < SLICE as usize;
        after = documents.last().map(|document| document.key.clone());
        let is_beyond = after.as_deref().is_none_or(|after| after >= last.as_str());
        // What was given up before and is still there is to go.
        let held = documents
            .into_iter()
            .filter(|document| document.expires_at_ms.is_none());
        named.extend(held.map(|document| document.key));
        if is_last || is_beyond {
            return Ok(named);
        }
    }
}

async fn remove(collection: &mut Collection<'_>, entry: &Entry) -> Result<bool, Error> {
    let app = collection.app;
    if !collection.is_dry_run() {
        if !condemn(app, &entry.key).await? {
            return Ok(false);
        }
        app.blobs().remove(&entry.key).await.map_err(blob_store)?;
    }
    collection.report.freed_bytes += entry.size;
    Ok(true)
}
