//! Byte ranges: of blob reads (RFC 9110 §14) and of the chunks of an upload.

mod content;
mod error;
mod received;
mod request;
mod span;

pub use content::ContentRange;
pub use error::InvalidRange;
pub use received::Received;
pub use request::{MAX_RANGES, RangeRequest, Selection};
pub use span::ByteRange;
