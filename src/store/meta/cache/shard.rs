//! One part of the cache: what is held, what is being read, what is being written.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::kept::Kept;
use crate::meta::range::Range;
use crate::recent::Recent;

/// Hashes are hashed already.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

type Build = BuildHasherDefault<AsIs>;

/// Why a key that is not held has an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// It is being read, by those who have this number.
    Reading(u64),
    /// So many commits that write it are under way.
    Closed(u32),
}

/// A part of the cache.
pub(super) struct Shard {
    held: Recent<u64, Arc<Kept>, Build>,
    marks: HashMap<u64, Mark, Build>,
    /// Commits under way that write a whole range of keys.
    ranges: u32,
    last_number: u64,
}

impl Shard {
    pub(super) fn new(most_bytes: usize) -> Self {
        Self {
            held: Recent::new(most_bytes),
            marks: HashMap::default(),
            ranges: 0,
            last_number: 0,
        }
    }

    pub(super) fn held(&mut self, hash: u64) -> Option<Arc<Kept>> {
        self.held.get(&hash)
    }

    /// Notes that a key is read from now on; `None` if what is read must not be kept.
    pub(super) fn begin(&mut self, hash: u64) -> Option<u64> {
        if self.ranges > 0 {
            return None;
        }
        let next = self.last_number + 1;
        match *self.marks.entry(hash).or_insert(Mark::Reading(next)) {
            Mark::Reading(number) => {
                self.last_number = self.last_number.max(number);
                Some(number)
            }
            Mark::Closed(_) => None,
        }
    }

    /// Ends a read; what it found is held if nobody has begun to write the key meanwhile.
    pub(super) fn end(&mut self, hash: u64, number: u64, found: Option<Arc<Kept>>) {
        if self.marks.get(&hash) != Some(&Mark::Reading(number)) {
            return;
        }
        self.marks.remove(&hash);
        if let Some(kept) = found {
            let bytes = kept.bytes();
            self.held.insert(hash, kept, bytes);
        }
    }

    /// Forgets a key and keeps everybody from holding it.
    pub(super) fn close(&mut self, hash: u64) {
        self.held.remove(&hash);
        let closed = match self.marks.get(&hash) {
            Some(Mark::Closed(times)) => times + 1,
            _ => 1,
        };
        self.marks.insert(hash, Mark::Closed(closed));
    }

    pub(super) fn open(&mut self, hash: u64) {
        match self.marks.get_mut(&hash) {
            Some(Mark::Closed(times)) if *times > 1 => *times -= 1,
            _ => {
                self.marks.remove(&hash);
            }
        }
    }

    /// Forgets the keys of a range and keeps everybody from holding anything new.
    pub(super) fn close_range(&mut self, collection: &str, range: &Range) {
        self.ranges += 1;
        self.marks.retain(|_, mark| matches!(mark, Mark::Closed(_)));
        self.held.retain(|kept| {
            let is_written = kept.collection() == collection && range.holds(&kept.document().key);
            !is_written
        });
    }

    pub(super) fn open_range(&mut self) {
        self.ranges -= 1;
    }

    #[cfg(test)]
    pub(super) fn held_bytes(&self) -> usize {
        self.held.bytes()
    }

    #[cfg(test)]
    pub(super) fn marks(&self) -> usize {
        self.marks.len()
    }
}
