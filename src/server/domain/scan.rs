//! Reads everything in a part of a collection, page by page.

use acr_store::Scan;
use serde::de::DeserializeOwned;

use super::Error;
use crate::app::App;

const PAGE: u32 = 1000;

/// All documents whose keys start with a prefix, by their keys.
pub(super) async fn all<T: DeserializeOwned>(
    app: &App,
    collection: &str,
    prefix: &str,
) -> Result<Vec<T>, Error> {
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let scan = Scan {
            collection,
            prefix,
            after: after.as_deref(),
            limit: PAGE,
        };
        let documents = app.meta().scan(scan).await?;
        for document in &documents {
            found.push(document.parse()?);
        }
        if documents.len() < PAGE as usize {
            return Ok(found);
        }
        after = documents.into_iter().last().map(|document| document.key);
    }
}
