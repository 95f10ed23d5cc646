//! Writes noted pulls into the documents of what was pulled.

use std::{convert::Infallible, time::Duration};

use acr_store::Batch;
use futures_util::{StreamExt as _, stream};
use serde_json::{Map, Value};

use super::super::{
    collection::{MANIFEST, TAG, key},
    commit::commit,
};
use super::notes::{Note, Pulled};
use crate::{
    app::App,
    domain::{Error, stamp},
};

/// How often the notes are written.
const INTERVAL: Duration = Duration::from_secs(60);
/// How many are written at a time, to share a transaction.
const AT_ONCE: usize = 32;
/// The member of a manifest and of a tag.
const LAST_PULL_TIME: &str = "lastPullTime";

/// Writes the notes again and again. Whoever drops this writes what is left.
pub(crate) async fn write_regularly(app: &App) -> Infallible {
    loop {
        tokio::time::sleep(INTERVAL).await;
        write(app).await;
    }
}

/// Writes what is noted; what cannot be written now stays noted.
pub(crate) async fn write(app: &App) {
    let notes = stream::iter(app.pulls().all());
    let written = notes.for_each_concurrent(AT_ONCE, |note| async move {
        match write_one(app, &note).await {
            Ok(true) => app.pulls().strike(&note),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the time of a pull could not be written"),
        }
    });
    written.await;
}

/// Writes one note, unless what was pulled is written by somebody else at the moment; what is no longer there needs none.
async fn write_one(app: &App, note: &Note) -> Result<bool, Error> {
    let (collection, place) = match &note.pulled {
        Pulled::Manifest(digest) => (MANIFEST, key(&note.repository, digest)),
        Pulled::Tag(tag) => (TAG, key(&note.repository, tag)),
    };
    let Some(document) = app.meta().get(collection, &place).await? else {
        return Ok(true);
    };
    let mut record: Map<String, Value> = document.parse()?;
    let time = stamp::with_zulu(note.time);
    let known = record.get(LAST_PULL_TIME).and_then(Value::as_str);
    // Another server may have seen a later pull.
    if known.is_some_and(|known| known >= time.as_str()) {
        return Ok(true);
    }
    record.insert(LAST_PULL_TIME.to_owned(), time.into());
    let batch = Batch::new().replace(collection, &place, document.revision, &record);
    commit(app, batch).await
}
