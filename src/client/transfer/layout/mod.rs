//! A layout folder of the OCI image specification: read, and added to.

mod footprint;
mod index;
mod writer;

pub(super) use index::{
    MARK, blob_path, check_version, index_bytes, make_readable, parse_index, read_index, read_small,
};
pub use writer::LayoutWriter;
