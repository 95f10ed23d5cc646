//! A map of bounded size that keeps what is used and loses what is not.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::mem;

/// Values with what each takes of the memory.
///
/// What is used moves to the younger of two generations. When that one is full, it becomes the older one, and what was
/// left in the older one goes: so what is used often never does, and nothing has to be kept in order.
pub(crate) struct Recent<K, V, S = RandomState> {
    most_bytes: usize,
    young: HashMap<K, (V, usize), S>,
    old: HashMap<K, (V, usize), S>,
    young_bytes: usize,
}

impl<K: Hash + Eq + Clone, V: Clone, S: BuildHasher + Default> Recent<K, V, S> {
    pub(crate) fn new(most_bytes: usize) -> Self {
        Self {
            most_bytes,
            young: HashMap::default(),
            old: HashMap::default(),
            young_bytes: 0,
        }
    }

    pub(crate) fn get(&mut self, key: &K) -> Option<V> {
        if let Some((value, _)) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, (value, bytes)) = self.old.remove_entry(key)?;
        self.insert(key, value.clone(), bytes);
        Some(value)
    }

    /// A value that would drive out much for being so large is not taken.
    pub(crate) fn insert(&mut self, key: K, value: V, bytes: usize) {
        self.remove(&key);
        if bytes > self.most_bytes / 8 {
            return;
        }
        if self.young_bytes + bytes > self.most_bytes / 2 {
            self.old = mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += bytes;
        self.young.insert(key, (value, bytes));
    }

    pub(crate) fn remove(&mut self, key: &K) {
        if let Some((_, bytes)) = self.young.remove(key) {
            self.young_bytes -= bytes;
        }
        self.old.remove(key);
    }

    pub(crate) fn retain(&mut self, is_kept: impl Fn(&V) -> bool) {
        self.young.retain(|_, (value, _)| is_kept(value));
        self.old.retain(|_, (value, _)| is_kept(value));
        self.young_bytes = self.young.values().map(|(_, bytes)| bytes).sum();
    }

    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        let all = self.young.values().chain(self.old.values());
        all.map(|(_, bytes)| bytes).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST_BYTES: usize = 1000;

    fn recent() -> Recent<u32, u32> {
        Recent::new(MOST_BYTES)
    }

    #[test]
    fn memory_is_bounded() {
        let mut recent = recent();
        for number in 0..1000 {
            recent.insert(number, number, 10);
            assert!(recent.bytes() <= MOST_BYTES, "{number}");
        }
        assert!(recent.bytes() >= MOST_BYTES / 2);
        assert_eq!((recent.get(&999), recent.get(&0)), (Some(999), None));
    }

    #[test]
    fn what_is_used_again_and_again_stays() {
        let mut recent = recent();
        recent.insert(0, 7, 10);
        for number in 1..1000 {
            recent.insert(number, number, 10);
            assert_eq!(recent.get(&0), Some(7), "{number}");
        }
        assert!(recent.bytes() <= MOST_BYTES);
    }

    #[test]
    fn what_is_too_large_drives_nothing_out() {
        let mut recent = recent();
        recent.insert(1, 1, 10);
        recent.insert(2, 2, MOST_BYTES);
        assert_eq!((recent.get(&1), recent.get(&2)), (Some(1), None));
        // Nor does what was there before under its key stay.
        recent.insert(1, 2, MOST_BYTES);
        assert_eq!((recent.get(&1), recent.bytes()), (None, 0));
    }

    #[test]
    fn what_is_removed_is_in_no_generation() {
        let mut recent = recent();
        for number in 0..80 {
            recent.insert(number, number % 2, 10);
        }
        recent.remove(&0);
        recent.remove(&79);
        assert_eq!((recent.get(&0), recent.get(&79)), (None, None));
        recent.retain(|value| *value == 1);
        assert!((0..80).all(|number| number % 2 == 1 || recent.get(&number).is_none()));
        recent.retain(|_| false);
        assert_eq!(recent.bytes(), 0);
    }
}
