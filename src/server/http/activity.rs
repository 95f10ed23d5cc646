//! Whether a connection is in use: idle ones are closed, busy ones are left alone however long they take.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

/// Shared by a connection and the requests on it.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    running: AtomicUsize,
    last: Mutex<Instant>,
}

/// A request that has not been answered whole.
#[derive(Debug)]
pub(super) struct Running(Activity);

impl Activity {
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner {
            running: AtomicUsize::new(0),
            last: Mutex::new(Instant::now()),
        }))
    }

    pub(super) fn begin(&self) -> Running {
        self.0.running.fetch_add(1, Ordering::AcqRel);
        Running(self.clone())
    }

    /// When the connection will have been idle for this long, if nothing happens on it.
    pub(super) fn idle_at(&self, limit: Duration) -> Instant {
        let last = match self.0.running.load(Ordering::Acquire) {
            0 => *self.0.last.lock().unwrap_or_else(PoisonError::into_inner),
            _ => Instant::now(),
        };
        last + limit
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        *self.0.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.0.0.running.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_keeps_its_connection() {
        let activity = Activity::new();
        let limit = Duration::from_secs(60);
        let idle = activity.idle_at(limit);
        assert_eq!(idle, activity.idle_at(limit));
        let (one, two) = (activity.begin(), activity.begin());
        drop(one);
        let busy = activity.idle_at(limit);
        assert!(busy > idle);
        assert!(
            activity.idle_at(limit) > busy,
            "moves on while a request runs"
        );
        drop(two);
        assert_eq!(activity.idle_at(limit), activity.idle_at(limit));
    }
}
