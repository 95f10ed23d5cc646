//! The retention of untagged manifests: a manifest that has had no tag for as many days as its registry says is
//! deleted.
//!
//! ```text
//! untagged          registry / time / repository / digest     from then on the manifest may be without a tag
//! untagged-since    repository / digest                       the last such time
//! ```
//!
//! Whatever may leave a manifest without a tag notes it in the same batch, as long as the registry has the policy: a
//! tag that is deleted or moved, a push without a tag, the end of a list, the end of a lock. Nobody looks then
//! whether it was the last tag. When the days are over, the job looks once at what is there by then: a manifest that
//! has a tag again is left alone, and so is one that a list, or a manifest that it is about, keeps alive. It is
//! noted again when that ends.
//!
//! A manifest and all that is about it, however far, go together or not at all: see [`group`]. Whichever of them is
//! noted, the look is at what the others are about.

mod expire;
mod group;
mod note;
#[cfg(test)]
mod tests;

pub use expire::{expire, has_any};

pub(super) use note::{Why, note};
