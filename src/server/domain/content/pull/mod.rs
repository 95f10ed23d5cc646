//! When manifests and tags were pulled last.
//!
//! A pull only notes the time in memory; of however many pulls of one thing, the last counts. Once a minute, and when the
//! server ends, the notes are written into the documents of the manifests and tags, so that listings have them without
//! another look. A server that is killed forgets the pulls of its last minute.

mod notes;
mod write;

pub(crate) use notes::{Notes, note};
pub(crate) use write::{write, write_regularly};
