//! What was deleted and can be brought back for a while.
//!
//! While the policy of a registry says so, a deletion takes a manifest or a tag only out of sight. The bytes of a
//! manifest and what it needs stay where they are, so nothing that it needs is cleared away; the manifest itself moves
//! to `deleted-manifest`, and a tag leaves an entry for every manifest it named. `deletion` lists both by their time,
//! which is all that the end of their days is found by.
//!
//! A digest is never both there and deleted: a push requires that it is not deleted, in repositories that may have
//! something deleted at all. A repository that was deleted keeps its id, and with it all of this.
//!
//! A repository that keeps what is deleted goes in slices, however much it holds:
//!
//! ```text
//! repository ─▶ deleted-repository + burial ─▶ its tags, then its manifests, some at a time ─▶ burial is over
//! ```
//!
//! The first batch is the deletion: nobody finds the repository after it. Each slice requires that the burial goes on,
//! so it touches nothing that came later. One that broke off is gone on with by whoever comes to the name next, or by
//! the job that purges.

mod keep;
mod list;
mod purge;
mod repository;
mod restore;
#[cfg(test)]
mod tests;

pub use list::{manifests, mark, repositories, tags};
pub use purge::{has_any, purge};
pub use restore::{Restore, restore};

pub(super) use keep::{check_not_deleted, keep_manifest, keep_tag};
pub(super) use repository::{begin_burial, bury, holds_deleted};
