//! An upload that was begun: what is stored of it between requests.

use acr_api::oci::{Algorithm, RepositoryName};
use acr_store::{
    Batch,
    blob::{Hashes, Key, State, Upload},
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::{
    collection::{UPLOAD, key},
    commit::commit,
    lock, refusal, repository,
};
use crate::{
    app::App,
    domain::{Error, ErrorKind, access::Registry},
};

/// How long after its beginning an upload can be finished.
const LIFETIME: TimeDelta = TimeDelta::days(7);

/// An upload as it was read.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    pub(super) place: String,
    pub(super) record: Record,
    pub(super) revision: i64,
}

/// What is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub(super) repository: RepositoryName,
    pub(super) algorithm: Algorithm,
    /// What was received; nothing before the first chunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) written: Option<Written>,
}

/// Bytes that are durable but make no blob yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Written {
    pub(super) storage: Key,
    pub(super) state: State,
}

/// Begins an upload.
pub async fn begin(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    algorithm: Algorithm,
) -> Result<Uuid, Error> {
    check_writable(app, registry, name).await?;
    let id = Uuid::new_v4();
    let record = Record {
        repository: name.clone(),
        algorithm,
        written: None,
    };
    let until = (app.now() + LIFETIME).timestamp_millis();
    let batch = Batch::new().put_until(UPLOAD, &key(&registry.registry_id, id), &record, until);
    app.meta().commit(batch).await?;
    Ok(id)
}

/// Tells early what would be refused at the end; the repository need not be there yet.
pub(super) async fn check_writable(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<(), Error> {
    match repository::find(app, registry, name).await {
        Ok(repository) => lock::check_write(repository.attributes()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// The upload with this id in this repository.
pub async fn find(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    id: Uuid,
) -> Result<Session, Error> {
    let place = key(&registry.registry_id, id);
    let Some(document) = app.meta().get(UPLOAD, &place).await? else {
        return Err(refusal::upload_unknown());
    };
    let now = app.now().timestamp_millis();
    let record: Record = document.parse()?;
    let is_over = document.expires_at_ms.is_some_and(|end| end <= now);
    if is_over || record.repository != *name {
        return Err(refusal::upload_unknown());
    }
    Ok(Session {
        id,
        place,
        record,
        revision: document.revision,
    })
}

/// Gives up an upload and what it has received.
pub async fn cancel(app: &App, session: &Session) -> Result<(), Error> {
    let batch = Batch::new().remove_if(UPLOAD, &session.place, session.revision);
    if !commit(app, batch).await? {
        return Err(refusal::upload_busy());
    }
    if let Some(Written { storage, state }) = &session.record.written
        && let Err(error) = app.blobs().discard(storage, state).await
    {
        // It is forgotten already; what is left is found by its age.
        tracing::warn!(%error, "the bytes of a cancelled upload are still there");
    }
    Ok(())
}

impl Session {
    /// How many bytes were received.
    pub fn received(&self) -> u64 {
        let written = self.record.written.as_ref();
        written.map_or(0, |written| written.state.size())
    }

    /// Goes on where the last request ended. Before the first bytes are kept, each attempt has a place of its own,
    /// so what a broken one left is in nobody's way.
    pub(super) async fn open(&self, app: &App) -> Result<(Key, Upload), Error> {
        let opened = match &self.record.written {
            Some(Written { storage, state }) => {
                let upload = app.blobs().resume(storage, state).await;
                upload.map(|upload| (storage.clone(), upload))
            }
            None => create(app, self.record.algorithm).await,
        };
        opened.map_err(|error| match error {
            acr_store::blob::Error::NotFound { .. } => refusal::upload_unknown(),
            error => refusal::blob_store(error),
        })
    }
}

/// A new place for bytes.
pub(super) async fn create(
    app: &App,
    algorithm: Algorithm,
) -> Result<(Key, Upload), acr_store::blob::Error> {
    let hashes = match algorithm {
        Algorithm::Sha256 => Hashes::Sha256,
        Algorithm::Sha512 => Hashes::Sha256AndSha512,
    };
    let storage = Key::random();
    let upload = app.blobs().begin(&storage, hashes).await?;
    Ok((storage, upload))
}
