//! The transactional metadata store: JSON documents in named collections, on SQLite or PostgreSQL.
//!
//! All SQL runs through one driver-neutral connection type, so every question is written once. [`sqlite`] and [`postgres`]
//! hold what differs: opening, session settings, locking, error codes; so do [`script`] and [`apply`], which execute a batch
//! with few orders, and in one round trip beside other writers. A SQLite file belongs to one open store, so that [`cache`]
//! can hold what was read.

mod apply;
mod batch;
mod cache;
mod cause;
mod document;
mod handle;
mod limit;
mod migration;
mod postgres;
mod range;
mod script;
mod sqlite;
mod sqlite_file;
mod sqlite_lock;
mod statement;
mod target;
mod work;
mod writer;

#[cfg(test)]
#[cfg(unix)]
mod tests;

pub use batch::Batch;
pub use document::{Document, Parsed, Scan};
pub use handle::Meta;
pub use target::Target;
