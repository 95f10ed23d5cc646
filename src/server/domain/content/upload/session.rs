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
    room::check_room,
};
use crate::{
    app::App,
    domain::{
        Error, ErrorKind,
        access::Registry,
        sealing::{self, Seal},
    },
};

/// How long after its last chunk an upload can go on.
const LIFETIME: TimeDelta = TimeDelta::days(7);
/// How long an upload waits for its first chunk: a client that begins them and gives up must not fill the registry.
const UNUSED_LIFETIME: TimeDelta = TimeDelta::days(1);
/// Uploads of one registry that are open at a time, far more than its clients need at once.
const MOST_OPEN: u64 = 10_000;

/// An upload as it was read.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    pub(super) place: String,
    pub(super) registry_id: String,
    pub(super) record: Record,
    pub(super) revision: i64,
}

/// What is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub(super) repository: RepositoryName,
    pub(super) algorithm: Algorithm,
    /// When it was begun or last received something.
    pub(super) touched_ms: i64,
    /// What was received; nothing before the first chunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) written: Option<Written>,
    /// Whether a request has begun to make a blob of it, which only one may.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_ending: bool,
}

/// Bytes that are durable but make no blob yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Written {
    pub(super) storage: Key,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seal: Option<Seal>,
    pub(super) state: State,
}

/// Where an upload writes.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) storage: Key,
    pub(super) seal: Option<Seal>,
}

/// Begins an upload.
pub async fn begin(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    algorithm: Algorithm,
) -> Result<Uuid, Error> {
    check_writable(app, registry, name).await?;
    let all = key(&registry.registry_id, "");
    if app.meta().count(UPLOAD, &all).await? >= MOST_OPEN {
        return Err(refusal::too_many_uploads());
    }
    let id = Uuid::new_v4();
    let record = Record {
        repository: name.clone(),
        algorithm,
        touched_ms: app.now().timestamp_millis(),
        written: None,
        is_ending: false,
    };
    let batch = Batch::new().insert(UPLOAD, &key(&registry.registry_id, id), &record);
    app.meta().commit(batch).await?;
    Ok(id)
}

/// Tells early what would be refused at the end; the repository need not be there yet.
pub(super) async fn check_writable(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<(), Error> {
    check_room(app, registry).await?;
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
    let record: Record = document.parse()?;
    if record.is_over(app) || record.is_ending || record.repository != *name {
        return Err(refusal::upload_unknown());
    }
    Ok(Session {
        id,
        place,
        registry_id: registry.registry_id.clone(),
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
    if let Some(Written { storage, state, .. }) = &session.record.written
        && let Err(error) = app.blobs().discard(storage, state).await
    {
        // It is forgotten already; what is left is found by its age.
        tracing::warn!(%error, "the bytes of a cancelled upload are still there");
    }
    Ok(())
}

impl Record {
    /// Whether nothing was received for so long that the upload is given up.
    pub(super) fn is_over(&self, app: &App) -> bool {
        let lifetime = match self.written {
            Some(_) => LIFETIME,
            None => UNUSED_LIFETIME,
        };
        self.touched_ms + lifetime.num_milliseconds() <= app.now().timestamp_millis()
    }
}

impl Session {
    /// How many bytes were received.
    pub fn received(&self) -> u64 {
        let written = self.record.written.as_ref();
        written.map_or(0, |written| written.state.size())
    }

    /// Makes sure that no other request makes a blob of what was received: two that end an upload in a store that does
    /// not keep them apart would write over each other. One that breaks off behind this leaves an upload that is over.
    pub(super) async fn claim(&self, app: &App) -> Result<(), Error> {
        if self.record.written.is_none() || app.blobs().guards_uploads() {
            return Ok(());
        }
        let ending = Record {
            is_ending: true,
            ..self.record.clone()
        };
        let batch = Batch::new().replace(UPLOAD, &self.place, self.revision, &ending);
        match commit(app, batch).await? {
            true => Ok(()),
            false => Err(refusal::upload_busy()),
        }
    }

    /// Takes the claim back, because no blob could be made: the upload can be ended again.
    pub(super) async fn release(&self, app: &App) -> Result<(), Error> {
        let Some(document) = app.meta().get(UPLOAD, &self.place).await? else {
            return Ok(());
        };
        if !document.parse::<Record>()?.is_ending {
            return Ok(());
        }
        let batch = Batch::new().replace(UPLOAD, &self.place, document.revision, &self.record);
        commit(app, batch).await.map(drop)
    }

    /// Goes on where the last request ended. Before the first bytes are kept, each attempt has a place of its own,
    /// so what a broken one left is in nobody's way.
    pub(super) async fn open(&self, app: &App) -> Result<(Place, Upload), Error> {
        let Some(written) = &self.record.written else {
            return create(app, &self.registry_id, self.record.algorithm).await;
        };
        let blobs = sealing::blobs(app, written.seal.as_ref()).await?;
        let resumed = blobs.resume(&written.storage, &written.state).await;
        let upload = resumed.map_err(|error| match error {
            acr_store::blob::Error::NotFound { .. } => refusal::upload_unknown(),
            error => refusal::blob_store(error),
        })?;
        let place = Place {
            storage: written.storage.clone(),
            seal: written.seal.clone(),
        };
        Ok((place, upload))
    }
}

/// A new place for bytes.
pub(super) async fn create(
    app: &App,
    registry_id: &str,
    algorithm: Algorithm,
) -> Result<(Place, Upload), Error> {
    let hashes = match algorithm {
        Algorithm::Sha256 => Hashes::Sha256,
        Algorithm::Sha512 => Hashes::Sha256AndSha512,
    };
    let storage = Key::random();
    let seal = sealing::current(app, registry_id).await?;
    let blobs = sealing::blobs(app, seal.as_ref()).await?;
    let begun = blobs.begin(&storage, hashes).await;
    let upload = begun.map_err(refusal::blob_store)?;
    Ok((Place { storage, seal }, upload))
}
