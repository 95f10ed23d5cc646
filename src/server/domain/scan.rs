//! Reads everything in a part of a collection, page by page.

use acr_store::{Document, Scan};
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

/// A part of a collection that is read slice by slice, while others write it: what was there all the time is read once.
pub(super) struct Slices<'a> {
    collection: &'a str,
    prefix: &'a str,
    limit: u32,
    after: Option<String>,
    is_over: bool,
}

impl<'a> Slices<'a> {
    pub(super) fn new(collection: &'a str, prefix: &'a str, limit: u32) -> Self {
        Self {
            collection,
            prefix,
            limit,
            after: None,
            is_over: false,
        }
    }

    /// The next documents by the order of their keys; none at the end.
    pub(super) async fn next(&mut self, app: &App) -> Result<Option<Vec<Document>>, Error> {
        if self.is_over {
            return Ok(None);
        }
        let scan = Scan {
            collection: self.collection,
            prefix: self.prefix,
            after: self.after.as_deref(),
            limit: self.limit,
        };
        let documents = app.meta().scan(scan).await?;
        self.is_over = documents.len() < self.limit as usize;
        self.after = documents.last().map(|document| document.key.clone());
        Ok(Some(documents).filter(|documents| !documents.is_empty()))
    }
}
