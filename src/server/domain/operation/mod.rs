//! Long-running operations. Most are done before they are answered, so that all there is of them is an id that says
//! so; the others are remembered until a day after their end.

mod id;
mod record;

pub use id::{ended, is_of_ended};
pub use record::{Operation, State, find};

pub(super) use record::{begin, end};
