//! Wraps data keys anew, with the master key in use.

use acr_store::{Batch, Document, Error as StoreError, Scan};

use super::{
    MasterKeys,
    data_key::{DATA_KEY, MASTER_KEY, Record},
};
use crate::{app::App, domain::Error};

const PAGE: u32 = 200;

/// What wrapping all data keys anew came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rewrapped {
    /// How many were wrapped with another master key.
    pub(crate) keys: u64,
    /// Master keys that no data key needs any longer.
    pub(crate) retired: Vec<String>,
}

/// Names a master key that is needed and was not given.
pub(crate) async fn missing(app: &App) -> Result<Option<String>, Error> {
    let given = app.sealing().master_keys.as_ref();
    let mut needed = in_use(app).await?.into_iter().map(|document| document.key);
    Ok(needed.find(|id| !given.is_some_and(|given| given.has(id))))
}

/// Whether data keys may be wrapped with another master key than the one in use.
pub(crate) async fn has_retiring(app: &App) -> Result<bool, Error> {
    let Some(current) = app.sealing().master_key() else {
        return Ok(false);
    };
    let in_use = in_use(app).await?;
    Ok(in_use.iter().any(|document| document.key != current))
}

/// Wraps the data key of a registry with the master key in use; false if it has none.
pub(crate) async fn rewrap(app: &App, registry: &str) -> Result<bool, Error> {
    let Some(master_keys) = &app.sealing().master_keys else {
        return Ok(false);
    };
    loop {
        let Some(document) = app.meta().get(DATA_KEY, registry).await? else {
            return Ok(false);
        };
        if wrap(app, master_keys, &document).await? {
            return Ok(true);
        }
    }
}

/// Wraps every data key that another master key has wrapped, and forgets the master keys that no data key needs.
pub(crate) async fn rewrap_all(app: &App) -> Result<Rewrapped, Error> {
    let mut done = Rewrapped::default();
    let Some(master_keys) = &app.sealing().master_keys else {
        return Ok(done);
    };
    let before = in_use(app).await?;
    let old: Vec<Document> = before
        .into_iter()
        .filter(|document| document.key != master_keys.current())
        .collect();
    if old.is_empty() {
        return Ok(done);
    }
    let mut after: Option<String> = None;
    loop {
        let scan = Scan {
            collection: DATA_KEY,
            prefix: "",
            after: after.as_deref(),
            limit: PAGE,
        };
        let page = app.meta().scan(scan).await?;
        for document in &page {
            let record: Record = document.parse()?;
            if record.master_key == master_keys.current() {
                continue;
            }
            // Whoever changed it meanwhile has wrapped it or removed it.
            done.keys += u64::from(wrap(app, master_keys, document).await?);
        }
        let Some(last) = page.last().filter(|_| page.len() == PAGE as usize) else {
            break;
        };
        after = Some(last.key.clone());
    }
    for Document { key, revision, .. } in old {
        // A server that still uses it may have wrapped another data key with it meanwhile.
        let batch = Batch::new().remove_if(MASTER_KEY, &key, revision);
        match app.meta().commit(batch).await {
            Ok(()) => {
                tracing::info!(master_key = %key, "no data key needs this master key any longer; it can go");
                done.retired.push(key);
            }
            Err(StoreError::Precondition { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(done)
}

/// False if the document is no longer what was read.
async fn wrap(app: &App, master_keys: &MasterKeys, document: &Document) -> Result<bool, Error> {
    let record: Record = document.parse()?;
    let owner = record.owner(&document.key);
    let plain = master_keys.unwrap(&record.master_key, &record.wrapped, &owner)?;
    let record = Record {
        master_key: master_keys.current().to_owned(),
        wrapped: master_keys.wrap(&plain, &owner)?,
        ..record
    };
    let batch = Batch::new()
        .replace(DATA_KEY, &document.key, document.revision, &record)
        .put(MASTER_KEY, master_keys.current(), &());
    match app.meta().commit(batch).await {
        Ok(()) => Ok(true),
        Err(StoreError::Precondition { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The master keys that data keys may be wrapped with, each written again whenever it wraps one.
async fn in_use(app: &App) -> Result<Vec<Document>, Error> {
    let scan = Scan {
        collection: MASTER_KEY,
        prefix: "",
        after: None,
        limit: PAGE,
    };
    Ok(app.meta().scan(scan).await?)
}
