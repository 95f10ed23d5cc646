//! Receives a chunk of an upload and keeps it for the next request.

use acr_store::{Batch, blob::Upload};

use super::super::{collection::UPLOAD, commit::commit, refusal, room::most_blob_bytes};
use super::{
    chunk::{Chunk, End},
    session::{Place, Record, Session, Written},
};
use crate::{app::App, domain::Error};

/// Receives a chunk and tells how many bytes the upload has now. What arrived of a chunk that broke off is kept.
pub async fn receive(app: &App, session: &Session, chunk: Chunk) -> Result<u64, Error> {
    let most_bytes = most_blob_bytes(app);
    chunk.check(session.received(), most_bytes)?;
    let (place, mut upload) = session.open(app).await?;
    match chunk.append_to(&mut upload, most_bytes).await {
        Ok(End::Whole) => keep(app, session, place, upload).await,
        Ok(End::Broken(reason)) => {
            keep(app, session, place, upload).await?;
            Err(refusal::upload_broken(&reason))
        }
        Err(error) => {
            give_up(session, upload).await;
            Err(error)
        }
    }
}

/// Makes the bytes durable and remembers how to go on behind them.
pub(super) async fn keep(
    app: &App,
    session: &Session,
    place: Place,
    mut upload: Upload,
) -> Result<u64, Error> {
    let state = upload.suspend().await.map_err(refusal::blob_store)?;
    let received = state.size();
    let record = Record {
        touched_ms: app.now().timestamp_millis(),
        written: Some(Written {
            storage: place.storage,
            seal: place.seal,
            state: state.clone(),
        }),
        ..session.record.clone()
    };
    let batch = Batch::new().replace(UPLOAD, &session.place, session.revision, &record);
    if commit(app, batch).await? {
        return Ok(received);
    }
    if session.record.written.is_none()
        && let Some(Written { storage, state, .. }) = record.written
        && let Err(error) = app.blobs().discard(&storage, &state).await
    {
        tracing::warn!(%error, "the bytes of a chunk that came too late are still there");
    }
    Err(refusal::upload_busy())
}

/// Forgets what was appended; a place that nothing refers to yet is cleared.
pub(super) async fn give_up(session: &Session, upload: Upload) {
    if session.record.written.is_none()
        && let Err(error) = upload.abort().await
    {
        tracing::warn!(%error, "the bytes of a refused chunk are still there");
    }
}
