//! Images from where they are to where they are wanted: registries, layout folders, archives.
//!
//! ```text
//!  Source ── resolve ──▶ plan (manifests, blobs, referrers) ──▶ copy ──▶ Target
//!   registry              children before parents                │        registry
//!   layout folder                                                ▼        layout folder
//!   archive: OCI, docker save                                  Event      archive: OCI, docker save
//! ```
//!
//! Every byte is held against its digest once: by the registry that stores it, or here as it is
//! written to disk. What a target has already is not sent again; what broke off goes on where it broke.

mod archive;
mod copy;
mod error;
mod event;
mod layout;
mod local;
mod name;
mod plan;
mod platform;
mod pump;
mod source;
mod target;
#[cfg(test)]
mod tests;

pub use archive::{DockerArchive, OciArchive};
pub use copy::{Copied, Copy, Options};
pub use error::{Error, Remedy};
pub use event::{Event, Events, State};
pub use layout::LayoutWriter;
pub use local::{Input, Local};
pub use source::Source;
pub use target::{ArchiveFormat, Output, Target};
