//! A stored document and the request for a page of them.

use std::ops::Deref;
use std::sync::Arc;

use serde::Deserialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::cause;
use crate::Error;

/// One document as it was read.
#[derive(Clone, PartialEq)]
pub struct Document {
    pub key: String,
    /// The JSON text as it was written; [`Document::parse`] reads it.
    pub body: String,
    /// A random number that is new at every write, also after a removal, so it can serve as an entity tag.
    pub revision: i64,
    /// When [`Meta::remove_expired`](super::Meta::remove_expired) may take the document, in milliseconds since 1970.
    pub expires_at_ms: Option<i64>,
}

impl Document {
    /// Reads the body as `T`.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        // serde's message quotes the offending value, which may be a secret, so it stays out.
        serde_json::from_str(&self.body).map_err(|_| {
            Error::corrupt(format!(
                "document `{}` is not a valid {}",
                self.key,
                std::any::type_name::<T>()
            ))
        })
    }

    pub(super) fn from_row(row: &AnyRow) -> Result<Self, Error> {
        Ok(Self {
            key: row.try_get("key").map_err(cause::of)?,
            body: row.try_get("body").map_err(cause::of)?,
            revision: row.try_get("revision").map_err(cause::of)?,
            expires_at_ms: row.try_get("expires_ms").map_err(cause::of)?,
        })
    }
}

/// A document's body, read as `T`; clones are cheap.
pub struct Parsed<T> {
    value: Arc<T>,
    /// As in [`Document`].
    pub revision: i64,
}

impl<T> Parsed<T> {
    pub(super) fn new(value: Arc<T>, revision: i64) -> Self {
        Self { value, revision }
    }
}

impl<T> Clone for Parsed<T> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.value), self.revision)
    }
}

impl<T> Deref for Parsed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Leaves the value out: it may hold credentials.
impl<T> std::fmt::Debug for Parsed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parsed")
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

/// Leaves the body out: it may hold credentials.
impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("key", &self.key)
            .field("revision", &self.revision)
            .field("expires_at_ms", &self.expires_at_ms)
            .finish_non_exhaustive()
    }
}

/// Which documents [`Meta::scan`](super::Meta::scan) answers.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a> {
    pub collection: &'a str,
    /// Only keys that start with these bytes; empty means all.
    pub prefix: &'a str,
    /// Only keys after this one, usually the last key of the page before.
    pub after: Option<&'a str>,
    pub limit: u32,
}
