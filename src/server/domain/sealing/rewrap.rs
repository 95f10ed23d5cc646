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
    done.retired = retire(app, old).await?;
    Ok(done)
}

/// Forgets master keys that wrap no data key any more, as they were read before that was seen, and tells which.
async fn retire(app: &App, old: Vec<Document>) -> Result<Vec<String>, Error> {
    let mut retired = Vec::new();
    for Document { key, revision, .. } in old {
        // A server that still uses it may have wrapped another data key with it meanwhile.
        let batch = Batch::new().remove_if(MASTER_KEY, &key, revision);
        match app.meta().commit(batch).await {
            Ok(()) => {
                tracing::info!(master_key = %key, "no data key needs this master key any longer; it can go");
                retired.push(key);
            }
            Err(StoreError::Precondition { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(retired)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::sealing::data_key::{make, removal},
        testing::Server,
    };

    const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const NEW: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

    fn keys(text: &str) -> MasterKeys {
        MasterKeys::parse(text).unwrap()
    }

    /// A server that was given a new master key in front of the old one.
    async fn server() -> Server {
        let both = keys(&format!("{NEW}\n{OLD}"));
        Server::start_with(|options| options.master_keys = Some(both)).await
    }

    async fn names(app: &App) -> Vec<String> {
        let in_use = in_use(app).await.unwrap();
        in_use.into_iter().map(|document| document.key).collect()
    }

    #[tokio::test]
    async fn a_master_key_is_retired_when_all_is_wrapped_anew() {
        let server = server().await;
        let (app, old) = (&server.app, keys(OLD));
        for registry in ["a", "b"] {
            make(app, &old, registry).await.unwrap();
        }
        let done = rewrap_all(app).await.unwrap();
        assert_eq!(
            (done.keys, done.retired),
            (2, vec![old.current().to_owned()])
        );
        assert_eq!(names(app).await, [keys(NEW).current()]);
        assert_eq!(rewrap_all(app).await.unwrap(), Rewrapped::default());
    }

    #[tokio::test]
    async fn one_that_wraps_another_data_key_meanwhile_stays_in_use() {
        let server = server().await;
        let (app, old) = (&server.app, keys(OLD));
        make(app, &old, "a").await.unwrap();
        let before = in_use(app).await.unwrap();
        // What a server does that was not given the new key yet, behind the look at the data keys.
        make(app, &old, "b").await.unwrap();
        assert_eq!(retire(app, before).await.unwrap(), [""; 0]);
        assert_eq!(names(app).await, [old.current()]);
        assert!(has_retiring(app).await.unwrap(), "the next run looks again");
        let done = rewrap_all(app).await.unwrap();
        assert_eq!((done.keys, done.retired.len()), (2, 1));
        let document = app.meta().get(DATA_KEY, "b").await.unwrap().unwrap();
        let record: Record = document.parse().unwrap();
        assert_eq!(record.master_key, keys(NEW).current());
    }

    #[tokio::test]
    async fn a_data_key_that_went_meanwhile_is_not_wrapped() {
        let server = server().await;
        let (app, old) = (&server.app, keys(OLD));
        make(app, &old, "a").await.unwrap();
        let document = app.meta().get(DATA_KEY, "a").await.unwrap().unwrap();
        app.meta().commit(removal("a", Batch::new())).await.unwrap();
        let master_keys = app.sealing().master_keys.as_ref().unwrap();
        assert!(!wrap(app, master_keys, &document).await.unwrap());
        assert!(!rewrap(app, "a").await.unwrap());
        assert_eq!(missing(app).await.unwrap(), None);
    }
}
