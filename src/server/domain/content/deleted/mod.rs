//! What was deleted and can be brought back for a while.
//!
//! While the policy of a registry says so, a deletion takes a manifest or a tag only out of sight. The bytes of a
//! manifest and what it needs stay where they are, so nothing that it needs is cleared away; the manifest itself moves
//! to `deleted-manifest`, and a tag leaves an entry for every manifest it named. `deletion` lists both by their time,
//! which is all that the end of their days is found by.
//!
//! A digest is never both there and deleted: a push requires that it is not deleted, in repositories that may have
//! something deleted at all. A repository that was deleted keeps its id, and with it all of this.

mod keep;
mod list;
mod purge;
mod repository;
mod restore;

pub use list::{manifests, mark, repositories, tags};
pub use purge::{has_any, purge};
pub use restore::{Restore, restore};

pub(super) use keep::{check_not_deleted, keep_manifest, keep_tag};
pub(super) use repository::bury;
