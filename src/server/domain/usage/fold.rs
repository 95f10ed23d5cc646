//! Folds deltas into the documents of their registries.

use std::collections::BTreeMap;

use acr_store::{Batch, Document, Scan};

use super::{
    delta::{DELTA, Delta},
    size::{Folded, USAGE},
};
use crate::{app::App, domain::Error};

/// Deltas that are folded by one batch.
const SLICE: u32 = 1000;

/// Whether there is anything to fold.
pub async fn is_outstanding(app: &App) -> Result<bool, Error> {
    let scan = Scan {
        collection: DELTA,
        prefix: "",
        after: None,
        limit: 1,
    };
    Ok(!app.meta().scan(scan).await?.is_empty())
}

/// Folds all deltas there are and tells how many that were.
pub async fn fold(app: &App) -> Result<u64, Error> {
    let mut folded = 0;
    let mut after: Option<String> = None;
    loop {
        let scan = Scan {
            collection: DELTA,
            prefix: "",
            after: after.as_deref(),
            limit: SLICE,
        };
        let documents = app.meta().scan(scan).await?;
        for (registry_id, deltas) in by_registry(&documents) {
            folded += fold_into(app, registry_id, &deltas).await?;
        }
        if documents.len() < SLICE as usize {
            return Ok(folded);
        }
        after = documents.into_iter().last().map(|document| document.key);
    }
}

fn by_registry(documents: &[Document]) -> BTreeMap<&str, Vec<&Document>> {
    let mut registries: BTreeMap<&str, Vec<&Document>> = BTreeMap::new();
    for document in documents {
        let registry_id = document.key.split('/').next().unwrap_or_default();
        registries.entry(registry_id).or_default().push(document);
    }
    registries
}

/// Folds some deltas; what another server folded meanwhile is left to it.
async fn fold_into(app: &App, registry_id: &str, deltas: &[&Document]) -> Result<u64, Error> {
    let known = app.meta().get(USAGE, registry_id).await?;
    let mut bytes = match &known {
        Some(document) => document.parse::<Folded>()?.bytes,
        None => 0,
    };
    let mut batch = Batch::new();
    for document in deltas {
        bytes = bytes.saturating_add(document.parse::<Delta>()?.bytes);
        batch = batch.remove_if(DELTA, &document.key, document.revision);
    }
    let folded = Folded { bytes };
    let batch = match known {
        Some(document) => batch.replace(USAGE, registry_id, document.revision, &folded),
        None => batch.insert(USAGE, registry_id, &folded),
    };
    match app.meta().commit(batch).await {
        Ok(()) => Ok(deltas.len() as u64),
        Err(acr_store::Error::Precondition { .. } | acr_store::Error::Exists { .. }) => Ok(0),
        Err(error) => Err(error.into()),
    }
}
