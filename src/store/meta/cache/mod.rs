//! Documents that were read, kept in memory by the one process that writes: a look-up is as exact as a read.
//!
//! ```text
//! look(key)   held ─▶ the document as it is now
//!             not held ─▶ a ticket, a read of the database, and keep(ticket): nothing, if the key was closed meanwhile
//!
//! close(work)   forgets every key that the work writes, and lets no ticket for it be given or used …
//! COMMIT        … while nobody can say whether a reader sees the database before or after it
//! drop          readers may keep what they read from now on
//! ```
//!
//! So whatever is held was read after the last commit that wrote it, and before the next one. Only documents without an
//! expiry are held, so that expiring, whose keys nobody knows, changes none of them. The keys are known by their hashes;
//! a document tells its own key, and two keys with one hash can only keep each other out.

mod closing;
mod kept;
mod shard;
mod shards;
#[cfg(test)]
mod tests;
mod ticket;

pub(super) use closing::Closing;
pub(super) use kept::Kept;
pub(super) use shards::{Cache, Looked};
