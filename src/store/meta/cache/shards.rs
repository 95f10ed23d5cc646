//! The cache as a whole: keys are spread over parts, so that threads seldom wait for each other.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::kept::Kept;
use super::shard::Shard;
use super::ticket::Ticket;

/// What all documents held may take of the memory.
const MOST_BYTES: usize = 32 * 1024 * 1024;
const SHARDS: usize = 32;

/// The cache of one open store.
pub(in crate::meta) struct Cache {
    shards: Box<[Mutex<Shard>]>,
    /// Random, so that nobody can choose keys that have one hash.
    hasher: RandomState,
}

/// What a look finds.
pub(in crate::meta) enum Looked {
    Held(Arc<Kept>),
    /// To be read; with a ticket, what is found can be kept.
    Missing(Option<Ticket>),
}

impl Cache {
    pub(in crate::meta) fn new() -> Arc<Self> {
        Self::with_bytes(MOST_BYTES)
    }

    pub(super) fn with_bytes(most_bytes: usize) -> Arc<Self> {
        let shard = |_| Mutex::new(Shard::new(most_bytes / SHARDS));
        Arc::new(Self {
            shards: (0..SHARDS).map(shard).collect(),
            hasher: RandomState::new(),
        })
    }

    pub(in crate::meta) fn look(self: &Arc<Self>, collection: &str, key: &str) -> Looked {
        let hash = self.hash(collection, key);
        let mut shard = self.shard(hash);
        match shard.held(hash) {
            Some(kept) if kept.is(collection, key) => Looked::Held(kept),
            // The documents of two keys with one hash: the first one stays.
            Some(_) => Looked::Missing(None),
            None => {
                let number = shard.begin(hash);
                Looked::Missing(number.map(|number| Ticket::new(self, hash, number)))
            }
        }
    }

    pub(super) fn hash(&self, collection: &str, key: &str) -> u64 {
        self.hasher.hash_one((collection, key))
    }

    /// The part in which a hash has its place.
    pub(super) fn shard(&self, hash: u64) -> MutexGuard<'_, Shard> {
        // Maps use the lowest and the highest bits.
        let place = (hash >> 32) as usize % self.shards.len();
        locked(&self.shards[place])
    }

    pub(super) fn every_shard(&self) -> impl Iterator<Item = MutexGuard<'_, Shard>> {
        self.shards.iter().map(locked)
    }
}

/// Nothing under these locks panics halfway through a change.
fn locked(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}
