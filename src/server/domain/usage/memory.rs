//! Sums that were worked out a moment ago, so that a push costs no count.

use std::{collections::HashMap, sync::Mutex};

use chrono::{DateTime, TimeDelta, Utc};

/// How long a sum is believed. A registry can outgrow its limit by what is pushed meanwhile.
const BELIEVED: TimeDelta = TimeDelta::seconds(10);
/// How many registries are kept.
const MOST: usize = 16 * 1024;

/// The sums.
#[derive(Default)]
pub(crate) struct Memory(Mutex<HashMap<String, Kept>>);

struct Kept {
    bytes: u64,
    until: DateTime<Utc>,
}

impl Memory {
    pub(super) fn get(&self, registry_id: &str, now: DateTime<Utc>) -> Option<u64> {
        let kept = self.0.lock().ok()?;
        let found = kept.get(registry_id)?;
        (now < found.until).then_some(found.bytes)
    }

    pub(super) fn keep(&self, registry_id: &str, bytes: u64, now: DateTime<Utc>) {
        let Ok(mut kept) = self.0.lock() else { return };
        if kept.len() >= MOST {
            kept.retain(|_, held| now < held.until);
        }
        if kept.len() >= MOST {
            kept.clear();
        }
        let until = now + BELIEVED;
        kept.insert(registry_id.to_owned(), Kept { bytes, until });
    }
}
