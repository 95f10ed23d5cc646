//! Imports: images that a registry fetches for itself from another one.
//!
//! ```text
//! importImage ─▶ begin: request, place, rights, names ─▶ operation + job, one batch ─▶ 202
//!                                                            │
//!                        resume (a server that died) ──▶ work ├─ lease, renewed while it goes on
//!                                                            ▼
//!   source: local │ foreign ──▶ plan ──▶ fill: blobs ──▶ manifests, children first ──▶ names, one batch a repository
//!                                                            │
//!                                                            ▼
//!                                        operation succeeded or failed, job gone, one batch
//! ```
//!
//! Content comes before names, so an import that is broken off leaves nothing half visible: blobs and untagged
//! manifests at most, which are whole. It is idempotent, so a server that finds a job whose lease has ended does it
//! again. A job with a credential is not done again but fails: the credential lives in the memory of the server that
//! was asked, and nowhere else.
//!
//! Registries share the slots of a server fairly (`slots`). An import that waits for one is leased as well, so that no
//! other server begins it; its attempts and its time count from when it gets one.
//!
//! What the source says is believed only as far as digests prove it. Blobs are never taken from another repository of
//! the target on the word of the source: whoever runs the source could name the secrets of others.

mod begin;
mod desk;
mod fill;
mod foreign;
mod job;
mod local;
mod place;
mod plan;
mod refusal;
mod request;
mod resume;
mod slots;
mod source;
#[cfg(test)]
mod tests;
mod work;

pub use begin::begin;
pub(crate) use desk::Desk;
pub use resume::{is_any, resume};
