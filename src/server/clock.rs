//! The one place where the running server reads the wall clock.

use chrono::{DateTime, Utc};

#[expect(
    clippy::disallowed_methods,
    reason = "the edge that owns the wall clock of the process"
)]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}
