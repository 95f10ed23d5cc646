//! Blobs as objects of a remote store, or of one in memory.

mod cause;
mod objects;
mod open;
mod owner;
mod writer;

pub(super) use objects::Objects;
pub(super) use writer::Writer;
