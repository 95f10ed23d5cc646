//! Why a range was refused.

/// The text is no range of the form that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no range of bytes")]
pub struct InvalidRange(pub(super) String);
