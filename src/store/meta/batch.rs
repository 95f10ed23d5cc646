//! A batch: the writes that happen together or not at all.

use serde::Serialize;
use uuid::Uuid;

use super::limit::{self, COLLECTION_BYTES, KEY_BYTES};
use super::range::Range;
use crate::Error;

/// Writes to be committed together.
///
/// Every document written gets a new random revision. What cannot be stored (a key of no or too many bytes or with a NUL
/// character, a body that is no JSON, too large or too deep) is told by [`Meta::commit`](super::Meta::commit).
/// Writes to one key happen in the order given.
#[derive(Debug, Default)]
pub struct Batch {
    pub(super) writes: Vec<Write>,
    fault: Option<Error>,
}

pub(super) struct Write {
    pub(super) collection: String,
    pub(super) action: Action,
}

pub(super) enum Action {
    Insert {
        key: String,
        body: String,
        revision: i64,
    },
    Replace {
        key: String,
        body: String,
        revision: i64,
        seen: i64,
    },
    Put {
        key: String,
        body: String,
        revision: i64,
        expires_ms: Option<i64>,
    },
    Require {
        key: String,
        seen: i64,
    },
    Remove {
        key: String,
    },
    RemoveIf {
        key: String,
        seen: i64,
    },
    RemoveRange(Range),
}

impl Batch {
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a document whose key must be absent, else [`Error::Exists`].
    pub fn insert(self, collection: &str, key: &str, body: &impl Serialize) -> Self {
        self.document(collection, key, body, |key, body, revision| {
            Action::Insert {
                key,
                body,
                revision,
            }
        })
    }

    /// Writes a new body for a document that must still have `revision`, else [`Error::Precondition`]; its expiry stays.
    pub fn replace(
        self,
        collection: &str,
        key: &str,
        revision: i64,
        body: &impl Serialize,
    ) -> Self {
        let seen = revision;
        self.document(collection, key, body, |key, body, revision| {
            Action::Replace {
                key,
                body,
                revision,
                seen,
            }
        })
    }

    /// Writes a document that does not expire, whether or not there was one.
    pub fn put(self, collection: &str, key: &str, body: &impl Serialize) -> Self {
        self.put_expiring(collection, key, body, None)
    }

    /// Writes a document, whether or not there was one, that `remove_expired` removes from `expires_at_ms` on.
    ///
    /// The store has no clock: until then the document is read like any other, so a reader looks at the expiry itself.
    pub fn put_until(
        self,
        collection: &str,
        key: &str,
        body: &impl Serialize,
        expires_at_ms: i64,
    ) -> Self {
        self.put_expiring(collection, key, body, Some(expires_at_ms))
    }

    /// Writes nothing, but wants a document that has `revision`, and keeps it so until the batch has happened;
    /// else [`Error::Precondition`].
    pub fn require(self, collection: &str, key: &str, revision: i64) -> Self {
        let seen = revision;
        self.keyed(collection, key, |key| Ok(Action::Require { key, seen }))
    }

    /// Removes a document; it may be absent.
    pub fn remove(self, collection: &str, key: &str) -> Self {
        self.keyed(collection, key, |key| Ok(Action::Remove { key }))
    }

    /// Removes a document that must still have `revision`, else [`Error::Precondition`].
    pub fn remove_if(self, collection: &str, key: &str, revision: i64) -> Self {
        let seen = revision;
        self.keyed(collection, key, |key| Ok(Action::RemoveIf { key, seen }))
    }

    /// Removes every document of the collection whose key starts with `prefix`.
    pub fn remove_prefix(self, collection: &str, prefix: &str) -> Self {
        match Range::of_prefix(prefix) {
            Some(range) => self.push(collection, Ok(Action::RemoveRange(range))),
            None => self,
        }
    }

    fn put_expiring(
        self,
        collection: &str,
        key: &str,
        body: &impl Serialize,
        expires_ms: Option<i64>,
    ) -> Self {
        self.document(collection, key, body, |key, body, revision| Action::Put {
            key,
            body,
            revision,
            expires_ms,
        })
    }

    fn document(
        self,
        collection: &str,
        key: &str,
        body: &impl Serialize,
        action: impl FnOnce(String, String, i64) -> Action,
    ) -> Self {
        self.keyed(collection, key, |key| {
            // A failing `Serialize` may quote the value, which may be a secret.
            let body = serde_json::to_string(body)
                .map_err(|_| Error::invalid("body: it cannot be written as JSON"))?;
            limit::check_body(&body)?;
            Ok(action(key, body, random()))
        })
    }

    fn keyed(
        self,
        collection: &str,
        key: &str,
        action: impl FnOnce(String) -> Result<Action, Error>,
    ) -> Self {
        let action = limit::check_name("key", key, KEY_BYTES).and_then(|()| action(key.to_owned()));
        self.push(collection, action)
    }

    /// Remembers the first fault instead of answering it, so that calls can be chained.
    fn push(mut self, collection: &str, action: Result<Action, Error>) -> Self {
        match limit::check_name("collection", collection, COLLECTION_BYTES).and(action) {
            Ok(action) => self.writes.push(Write {
                collection: collection.to_owned(),
                action,
            }),
            Err(fault) => {
                self.fault.get_or_insert(fault);
            }
        }
        self
    }

    pub(super) fn checked(self) -> Result<Self, Error> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(self),
        }
    }

    pub(super) fn body_bytes(&self) -> usize {
        self.writes.iter().map(|write| write.body_bytes()).sum()
    }

    pub(super) fn has_range(&self) -> bool {
        self.writes.iter().any(|write| write.key().is_none())
    }

    /// The order to execute the writes in: by key, so that no two batches can wait for each other.
    ///
    /// Writes to different keys do not see each other, so only writes to one key must keep their order. A range
    /// sees many keys; a batch with one keeps its order and is never executed beside another.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.writes.len()).collect();
        if !self.has_range() {
            order.sort_by_key(|&index| {
                let write = &self.writes[index];
                (&write.collection, write.key())
            });
        }
        order
    }
}

impl Write {
    fn key(&self) -> Option<&str> {
        match &self.action {
            Action::Insert { key, .. }
            | Action::Replace { key, .. }
            | Action::Put { key, .. }
            | Action::Require { key, .. }
            | Action::Remove { key }
            | Action::RemoveIf { key, .. } => Some(key),
            Action::RemoveRange(_) => None,
        }
    }

    fn body_bytes(&self) -> usize {
        match &self.action {
            Action::Insert { body, .. }
            | Action::Replace { body, .. }
            | Action::Put { body, .. } => body.len(),
            Action::Require { .. }
            | Action::Remove { .. }
            | Action::RemoveIf { .. }
            | Action::RemoveRange(_) => 0,
        }
    }

    /// What it means that the write found no row it may touch.
    pub(super) fn refusal(&self) -> Error {
        let collection = self.collection.clone();
        let key = self.key().unwrap_or_default().to_owned();
        match self.action {
            Action::Insert { .. } => Error::Exists { collection, key },
            _ => Error::Precondition { collection, key },
        }
    }
}

/// Leaves the bodies out: they may hold credentials.
impl std::fmt::Debug for Write {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.collection, self.key().unwrap_or("…"))
    }
}

/// A random number from 1 to `i64::MAX`.
pub(super) fn random() -> i64 {
    // Each half of a version 4 UUID has a few fixed bits, at different places, so together all bits are random.
    let (high, low) = Uuid::new_v4().as_u64_pair();
    ((high ^ low) as i64 & i64::MAX).max(1)
}
