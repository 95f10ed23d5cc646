//! Archives of images: OCI layouts in a tar, and what `docker save` writes.

mod docker_read;
mod docker_write;
mod member;
mod oci;
mod open;
mod writer;

pub use docker_write::DockerArchive;
pub use oci::OciArchive;
pub(super) use open::{Archived, read, read_small};
pub(super) use writer::ArchiveWriter;
