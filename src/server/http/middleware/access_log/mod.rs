//! One log line and one measurement for every request, written when its answer has left.
//!
//! ```text
//! Access ─ follow ─▶ Followed ── cut off ──▶ line, cut
//!                       │ taken whole
//!                       ▼
//!                    Outbox ── the connection ends ──▶ line, cut
//!                       │ the connection is flushed
//!                       ▼
//!                     line
//! ```

mod access;
mod followed;
mod outbox;
#[cfg(test)]
mod tests;

pub(super) use access::Access;
pub(crate) use followed::Followed;
pub(crate) use outbox::Outbox;
