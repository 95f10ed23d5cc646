//! The collection of garbage: what nothing needs any more goes, bit by bit, while everything else goes on.
//!
//! ```text
//! upload ─▶ abandoned registry ─▶ abandoned repository ─▶ link ─▶ blob ─▶ bytes
//! ```
//!
//! Each step leaves work to the next one only. None of them trusts in being alone, nor in what an earlier look has
//! shown:
//! - a link or a blob is marked, looked at again and removed as it was marked (see [`blob`](super::blob)), so a
//!   push, a mount or another collection at the same time either keeps it or does not find it;
//! - a link goes only when for as long as the server's grace nobody was told that the blob is there;
//! - bytes are removed after the batch that forgot them; those that no document names, after one that forbids to
//!   name them.
//!
//! What breaks off leaves something to the next run, never something wrong.

mod bytes;
mod known;
mod link;
mod registry;
mod report;
mod repository;
mod run;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod upload;

pub use report::{Count, Report};
pub use run::collect;

pub(crate) use registry::abandon as abandon_registry;
