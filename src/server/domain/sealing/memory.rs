//! The keys a server holds: its master keys, and the data keys it has unwrapped.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::MasterKeys;
use acr_store::blob::DataKey;

/// Data keys never change under their id and are never taken from a registry, so what is known stays right.
#[derive(Default)]
pub(crate) struct Memory {
    pub(super) master_keys: Option<MasterKeys>,
    opened: Mutex<HashMap<String, DataKey>>,
    current: Mutex<HashMap<String, String>>,
}

impl Memory {
    pub(crate) fn new(master_keys: Option<MasterKeys>) -> Self {
        Self {
            master_keys,
            ..Self::default()
        }
    }

    /// Which master key data keys are wrapped with, if any.
    pub(crate) fn master_key(&self) -> Option<&str> {
        self.master_keys.as_ref().map(MasterKeys::current)
    }

    pub(super) fn find(&self, id: &str) -> Option<DataKey> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.get(id).cloned()
    }

    pub(super) fn of(&self, registry: &str) -> Option<String> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.get(registry).cloned()
    }

    pub(super) fn keep(&self, registry: &str, id: &str, key: DataKey) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.insert(id.to_owned(), key);
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.insert(registry.to_owned(), id.to_owned());
    }
}
