//! Keys that a commit under way writes.

use std::sync::Arc;

use super::shards::Cache;
use crate::meta::batch::Action;
use crate::meta::work::Work;

/// As long as this lives, nothing of what the work writes is held. It has to begin before the database may show the
/// change, and to end before the work is acknowledged.
pub(in crate::meta) struct Closing {
    cache: Arc<Cache>,
    hashes: Vec<u64>,
    ranges: usize,
}

impl Closing {
    pub(in crate::meta) fn begin<'a>(
        cache: &Arc<Cache>,
        group: impl Iterator<Item = &'a Work>,
    ) -> Self {
        let mut closing = Self {
            cache: Arc::clone(cache),
            hashes: Vec::new(),
            ranges: 0,
        };
        for work in group {
            closing.close(work);
        }
        closing
    }

    fn close(&mut self, work: &Work) {
        let Work::Batch(batch) = work else {
            // What expires is never held.
            return;
        };
        for write in &batch.writes {
            match &write.action {
                Action::Require { .. } => {}
                Action::RemoveRange(range) => {
                    for mut shard in self.cache.every_shard() {
                        shard.close_range(&write.collection, range);
                    }
                    self.ranges += 1;
                }
                Action::Insert { key, .. }
                | Action::Replace { key, .. }
                | Action::Put { key, .. }
                | Action::Remove { key }
                | Action::RemoveIf { key, .. } => {
                    let hash = self.cache.hash(&write.collection, key);
                    self.cache.shard(hash).close(hash);
                    self.hashes.push(hash);
                }
            }
        }
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        for hash in &self.hashes {
            self.cache.shard(*hash).open(*hash);
        }
        for mut shard in self.cache.every_shard() {
            for _ in 0..self.ranges {
                shard.open_range();
            }
        }
    }
}
