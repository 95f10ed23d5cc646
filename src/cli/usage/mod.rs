//! What each repository of a registry takes, walked from the outside, because Azure tells it of the whole registry only.
//!
//! ```text
//! catalog ─▶ manifests of each repository (/acr/v1) ─▶ their blobs (/v2) ─▶ tally: who else has them? ─▶ rows
//! ```
//!
//! A blob is stored once for all the repositories of a registry that have it. What only one has is freed with it;
//! what others have too is not.

mod tally;
mod walk;

pub(crate) use tally::Usage;
pub(crate) use walk::walk;
