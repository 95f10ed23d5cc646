//! Storage ports and adapters: transactional metadata, and blobs of any size.

pub mod blob;
mod error;
mod meta;
mod recent;
#[cfg(unix)]
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use error::Error;
pub use meta::{Batch, Document, Meta, Parsed, Scan, Target};
