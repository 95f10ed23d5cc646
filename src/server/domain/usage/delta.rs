//! What a batch adds to or takes from the bytes of a registry.

use acr_store::Batch;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) const DELTA: &str = "usage-delta";

/// One change.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Delta {
    pub(super) bytes: i64,
}

/// Counts a blob that is new to the registry; to be part of the batch that names it.
pub fn grown(registry_id: &str, bytes: u64, batch: Batch) -> Batch {
    append(registry_id, signed(bytes), batch)
}

/// No longer counts a blob; to be part of the batch that forgets it.
pub fn shrunk(registry_id: &str, bytes: u64, batch: Batch) -> Batch {
    append(registry_id, -signed(bytes), batch)
}

fn append(registry_id: &str, bytes: i64, batch: Batch) -> Batch {
    let key = format!("{registry_id}/{}", Uuid::new_v4());
    batch.insert(DELTA, &key, &Delta { bytes })
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
