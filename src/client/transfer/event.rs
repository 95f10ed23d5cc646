//! What a transfer tells of its progress.

use acr_api::oci::Digest;
use std::fmt;
use std::sync::Arc;

/// Something happened to a blob or a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Which it is.
    pub digest: Digest,
    /// Its length.
    pub total: u64,
    /// What happened.
    pub state: State,
}

/// How far a blob or a manifest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It will be looked at.
    Planned,
    /// So many of its bytes are there from an earlier run; only the others will move. None are, after all, if the
    /// number is zero.
    Resumed(u64),
    /// So many of its bytes are over. The number may fall when some were lost on the way.
    Moving(u64),
    /// It is where it should be.
    Done,
    /// It was there already, or need not be there.
    Skipped,
    /// The registry had it in another repository.
    Mounted,
}

/// Who is told. Calls come from several threads.
#[derive(Clone)]
pub struct Events(Arc<dyn Fn(Event) + Send + Sync>);

impl Events {
    /// Tells `listener`.
    pub fn to(listener: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(listener))
    }

    /// Tells nobody.
    pub fn silent() -> Self {
        Self::to(|_| {})
    }

    pub(super) fn tell(&self, digest: Digest, total: u64, state: State) {
        (self.0)(Event {
            digest,
            total,
            state,
        });
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events")
    }
}
