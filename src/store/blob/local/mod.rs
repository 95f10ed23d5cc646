//! Blobs as files of a folder.

mod cause;
mod folder;
mod list;
mod owner;
mod read;
mod slot;
mod writer;

pub(super) use folder::Folder;
pub(super) use writer::{Writer, batch_bytes};
