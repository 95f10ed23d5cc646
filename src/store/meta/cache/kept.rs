//! A document in memory, and what was made of its text.

use std::any::Any;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;

use crate::Error;
use crate::meta::document::{Document, Parsed};

/// What a document costs besides its texts, roughly: its place in a map, its allocations.
const FIXED_BYTES: usize = 256;

/// One document as it was read.
#[derive(Debug)]
pub(in crate::meta) struct Kept {
    collection: Box<str>,
    document: Document,
    parsed: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl Kept {
    pub(in crate::meta) fn new(collection: &str, document: Document) -> Self {
        Self {
            collection: collection.into(),
            document,
            parsed: OnceLock::new(),
        }
    }

    pub(in crate::meta) fn document(&self) -> &Document {
        &self.document
    }

    pub(in crate::meta) fn into_document(self) -> Document {
        self.document
    }

    /// The body as `T`, which is read once as long as everybody wants the same type.
    pub(in crate::meta) fn parsed<T>(&self) -> Result<Parsed<T>, Error>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        let known = self.parsed.get().map(Arc::clone);
        let value = match known.and_then(|known| known.downcast::<T>().ok()) {
            Some(value) => value,
            None => {
                let value = Arc::new(self.document.parse::<T>()?);
                // Whoever was first is as good.
                let _ = self.parsed.set(Arc::clone(&value) as _);
                value
            }
        };
        Ok(Parsed::new(value, self.document.revision))
    }

    pub(super) fn is(&self, collection: &str, key: &str) -> bool {
        self.document.key == key && *self.collection == *collection
    }

    pub(super) fn collection(&self) -> &str {
        &self.collection
    }

    /// What it takes of the memory, counting what may be made of the text as much as the text.
    pub(super) fn bytes(&self) -> usize {
        FIXED_BYTES + self.document.key.len() + 2 * self.document.body.len()
    }
}
