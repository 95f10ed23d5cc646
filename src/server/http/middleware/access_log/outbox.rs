//! Answers that a connection has taken whole but may still hold: whoever goes now does not get them.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::Access;

/// What a connection has to pass on. It counts as cut unless it is said to be delivered.
#[derive(Clone, Default)]
pub(crate) struct Outbox(Arc<Mutex<Vec<Access>>>);

impl Outbox {
    /// Nothing that is kept waits in the connection any more.
    pub(crate) fn deliver(&self) {
        let delivered = mem::take(&mut *self.lock());
        for mut access in delivered {
            access.arrive();
        }
    }

    pub(super) fn put(&self, mut access: Access) {
        access.break_off();
        self.lock().push(access);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Access>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
