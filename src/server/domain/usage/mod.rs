//! How many bytes registries hold.
//!
//! Nobody counts in one place that all pushes would have to write. The batch that names a blob new to a registry, or
//! forgets one, appends a delta of its own; a job folds the deltas into one document. At every moment
//!
//! ```text
//! usage          registry               bytes folded so far
//! usage-delta    registry / id          bytes more or fewer since
//! ```
//!
//! add up to what the registry's blobs have, each counted once however many repositories share it.

mod delta;
mod fold;
mod memory;
mod size;

pub use delta::{grown, shrunk};
pub use fold::{fold, is_outstanding};
pub(crate) use memory::Memory;
pub use size::{recent, size};
