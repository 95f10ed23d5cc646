//! The data keys of registries: made on first need, kept wrapped, opened once.

use acr_store::{
    Batch, Document,
    blob::{Blobs, DataKey},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::MasterKeys;
use crate::{
    app::App,
    domain::{Error, random, stamp},
};

/// By registry; a registry has one.
pub(super) const DATA_KEY: &str = "data-key";
/// The master keys that data keys are wrapped with.
pub(super) const MASTER_KEY: &str = "master-key";

/// Which data key of which registry seals a blob. It is stored with the blob.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seal {
    registry: String,
    key: String,
}

/// What is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub(super) id: String,
    pub(super) master_key: String,
    pub(super) wrapped: String,
    pub(super) created_time: String,
}

impl Record {
    pub(super) fn owner(&self, registry: &str) -> String {
        format!("{registry} {}", self.id)
    }
}

/// What the next blob of a registry is sealed with: nothing if the server has no master key.
pub(crate) async fn current(app: &App, registry: &str) -> Result<Option<Seal>, Error> {
    let memory = app.sealing();
    let Some(master_keys) = &memory.master_keys else {
        return Ok(None);
    };
    let key = match memory.of(registry) {
        Some(key) => key,
        None => match app.meta().get(DATA_KEY, registry).await? {
            Some(document) => open(app, master_keys, registry, &document)?,
            None => make(app, master_keys, registry).await?,
        },
    };
    Ok(Some(Seal {
        registry: registry.to_owned(),
        key,
    }))
}

/// The store as a blob was written to it, or is to be.
pub(crate) async fn blobs(app: &App, seal: Option<&Seal>) -> Result<Blobs, Error> {
    let Some(seal) = seal else {
        return Ok(app.blobs().clone());
    };
    let memory = app.sealing();
    if let Some(key) = memory.find(&seal.key) {
        return Ok(app.blobs().sealed_with(Some(key)));
    }
    let missing = || Error::internal("a blob is sealed, and its data key cannot be opened");
    let master_keys = memory.master_keys.as_ref().ok_or_else(missing)?;
    let document = app.meta().get(DATA_KEY, &seal.registry).await?;
    let id = open(
        app,
        master_keys,
        &seal.registry,
        &document.ok_or_else(missing)?,
    )?;
    let key = memory.find(&id).filter(|_| id == seal.key);
    Ok(app.blobs().sealed_with(Some(key.ok_or_else(missing)?)))
}

/// Adds to a batch that a registry is no more: nothing opens its blobs again, even before they are collected.
pub(crate) fn removal(registry: &str, batch: Batch) -> Batch {
    batch.remove(DATA_KEY, registry)
}

fn open(
    app: &App,
    master_keys: &MasterKeys,
    registry: &str,
    document: &Document,
) -> Result<String, Error> {
    let record: Record = document.parse()?;
    let owner = record.owner(registry);
    let plain = master_keys.unwrap(&record.master_key, &record.wrapped, &owner)?;
    app.sealing()
        .keep(registry, &record.id, DataKey::new(&plain));
    Ok(record.id)
}

/// Makes a key; of those made at the same time, the first that is stored is everybody's.
pub(super) async fn make(
    app: &App,
    master_keys: &MasterKeys,
    registry: &str,
) -> Result<String, Error> {
    let plain = random::bytes()?;
    let mut record = Record {
        id: Uuid::new_v4().simple().to_string(),
        master_key: master_keys.current().to_owned(),
        wrapped: String::new(),
        created_time: stamp::with_zulu(app.now()),
    };
    record.wrapped = master_keys.wrap(&plain, &record.owner(registry))?;
    let batch = Batch::new().insert(DATA_KEY, registry, &record).put(
        MASTER_KEY,
        master_keys.current(),
        &(),
    );
    match app.meta().commit(batch).await {
        Ok(()) => {
            app.sealing()
                .keep(registry, &record.id, DataKey::new(&plain));
            Ok(record.id)
        }
        Err(acr_store::Error::Exists { .. }) => {
            let document = app.meta().get(DATA_KEY, registry).await?;
            let document = document.ok_or_else(|| Error::internal("a data key vanished"))?;
            open(app, master_keys, registry, &document)
        }
        Err(error) => Err(error.into()),
    }
}
