//! Storage ports and adapters: transactional metadata.

mod error;
mod meta;
#[cfg(unix)]
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use error::Error;
pub use meta::{Batch, Document, Meta, Scan, Target};
