//! What was worked out a moment ago, so that a request costs no signature check and no read.
//!
//! What follows from the metadata is forgotten after every change that came through this process,
//! and after a second in any case: another server on the same database may have changed it. A
//! signature that was right once stays right until its token ends.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use aws_lc_rs::digest;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Access, Registry, claims::Claims};

/// How long something that follows from the metadata is believed.
const BELIEVED: TimeDelta = TimeDelta::seconds(1);
/// How much of each kind is kept.
const MOST: usize = 16 * 1024;

/// A hash that stands for a credential.
pub(super) type Print = [u8; 32];

/// The memory of a server.
pub(crate) struct Memory {
    epoch: Arc<AtomicU64>,
    pub(super) registries: Shelf<String, Arc<Registry>>,
    pub(super) callers: Shelf<Print, Arc<Access>>,
    /// Claims of tokens whose signature was right, whatever else has changed.
    pub(super) signatures: Signatures,
}

impl Default for Memory {
    fn default() -> Self {
        let epoch = Arc::new(AtomicU64::new(0));
        Self {
            registries: Shelf::new(Arc::clone(&epoch)),
            callers: Shelf::new(Arc::clone(&epoch)),
            signatures: Signatures(Mutex::default()),
            epoch,
        }
    }
}

impl Memory {
    /// Forgets what follows from the metadata, which has changed.
    pub(crate) fn forget(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
    }

    /// Counts the changes. Read it before the metadata: what is kept with an old count is not found.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }
}

/// Values that follow from the metadata.
pub(super) struct Shelf<K, V> {
    epoch: Arc<AtomicU64>,
    kept: Mutex<HashMap<K, Kept<V>>>,
}

struct Kept<V> {
    epoch: u64,
    until: DateTime<Utc>,
    value: V,
}

impl<K: Hash + Eq, V: Clone> Shelf<K, V> {
    fn new(epoch: Arc<AtomicU64>) -> Self {
        Self {
            epoch,
            kept: Mutex::default(),
        }
    }

    pub(super) fn get(&self, key: &K, now: DateTime<Utc>) -> Option<V> {
        let epoch = self.epoch.load(Ordering::Acquire);
        let kept = self.kept.lock().ok()?;
        let found = kept.get(key)?;
        (found.epoch == epoch && now < found.until).then(|| found.value.clone())
    }

    pub(super) fn keep(&self, key: K, value: V, epoch: u64, now: DateTime<Utc>) {
        let current = self.epoch.load(Ordering::Acquire);
        let Ok(mut kept) = self.kept.lock() else {
            return;
        };
        if kept.len() >= MOST {
            kept.retain(|_, held| held.epoch == current && now < held.until);
        }
        if kept.len() >= MOST {
            kept.clear();
        }
        let until = now + BELIEVED;
        kept.insert(
            key,
            Kept {
                epoch,
                until,
                value,
            },
        );
    }
}

/// Tokens whose signature was right.
pub(super) struct Signatures(Mutex<HashMap<Print, Arc<Claims>>>);

impl Signatures {
    pub(super) fn get(&self, print: &Print) -> Option<Arc<Claims>> {
        self.0.lock().ok()?.get(print).cloned()
    }

    pub(super) fn keep(&self, print: Print, claims: Arc<Claims>, now: DateTime<Utc>) {
        let Ok(mut kept) = self.0.lock() else { return };
        if kept.len() >= MOST {
            kept.retain(|_, claims| claims.exp > now.timestamp());
        }
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(print, claims);
    }
}

/// The hash of some texts, each apart from the next.
pub(super) fn print(texts: &[&str]) -> Print {
    let mut context = digest::Context::new(&digest::SHA256);
    for text in texts {
        context.update(text.as_bytes());
        context.update(&[0]);
    }
    let mut print = Print::default();
    print.copy_from_slice(context.finish().as_ref());
    print
}

#[cfg(test)]
mod tests {
    use super::{BELIEVED, MOST, Memory, Shelf, print};

    #[test]
    fn forgets_after_a_change_and_after_a_moment() {
        let memory = Memory::default();
        let shelf: Shelf<u32, u32> = Shelf::new(memory.epoch.clone());
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        shelf.keep(1, 10, memory.epoch(), now);
        assert_eq!(shelf.get(&1, now), Some(10));
        assert_eq!(shelf.get(&1, now + BELIEVED), None);
        let before = memory.epoch();
        memory.forget();
        assert_eq!(shelf.get(&1, now), None);
        // What was read before the change is not believed even when it is kept after it.
        shelf.keep(1, 10, before, now);
        assert_eq!(shelf.get(&1, now), None);
    }

    #[test]
    fn stays_within_its_bounds() {
        let memory = Memory::default();
        let shelf: Shelf<usize, ()> = Shelf::new(memory.epoch.clone());
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        for number in 0..MOST * 2 + 1 {
            shelf.keep(number, (), memory.epoch(), now);
        }
        assert!(shelf.kept.lock().unwrap().len() <= MOST);
        assert_eq!(shelf.get(&(MOST * 2), now), Some(()));
    }

    #[test]
    fn prints_tell_where_texts_end() {
        assert_ne!(print(&["a", "b"]), print(&["ab", ""]));
        assert_eq!(print(&["a", "b"]), print(&["a", "b"]));
    }
}
