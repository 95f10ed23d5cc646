//! The right to keep what is being read.

use std::sync::Arc;

use super::kept::Kept;
use super::shards::Cache;

/// Taken before a read; dropped without a document, it leaves nothing behind.
#[derive(Debug)]
pub(in crate::meta) struct Ticket {
    cache: Arc<Cache>,
    hash: u64,
    number: u64,
    found: Option<Arc<Kept>>,
}

impl Ticket {
    pub(super) fn new(cache: &Arc<Cache>, hash: u64, number: u64) -> Self {
        Self {
            cache: Arc::clone(cache),
            hash,
            number,
            found: None,
        }
    }

    /// Keeps what was found, unless the key was written meanwhile, or ends by itself.
    pub(in crate::meta) fn keep(mut self, kept: &Arc<Kept>) {
        if kept.document().expires_at_ms.is_none() {
            self.found = Some(Arc::clone(kept));
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let found = self.found.take();
        self.cache
            .shard(self.hash)
            .end(self.hash, self.number, found);
    }
}
