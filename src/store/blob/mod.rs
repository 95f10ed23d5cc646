//! The blob port: immutable contents under opaque keys, in a folder, an object store or memory.
//!
//! ```text
//! begin(key) ─▶ append … append ─▶ finish ─▶ Finished { size, digests }     durable; a metadata transaction names it
//!                  │        ▲
//!                  ▼        │
//!               suspend   resume(key, state)                                 another request, another process
//! ```
//!
//! A batch is hashed and written at the same time, on two threads, while the next one fills; whoever appends faster
//! than the store writes waits. An upload holds at most 8 MiB (36 MiB once a blob in S3 is over 24 GiB, because its parts
//! are limited in number). Nothing of an upload can be read before [`Upload::finish`] is done, and nothing of a
//! blob ever changes after it. What a crash leaves is seen by [`Blobs::list`] and removed by its age.

mod batch;
mod content;
mod error;
mod handle;
mod hash;
mod key;
mod local;
mod object;
mod off_thread;
mod owner;
mod seal;
mod sink;
mod small;
mod state;
mod target;
#[cfg(test)]
mod tests;
mod upload;

pub use content::Content;
pub use error::Error;
pub use handle::{Blobs, Entry, Health};
pub use hash::{Finished, Hashes};
pub use key::Key;
pub use owner::MARK;
pub use seal::DataKey;
pub use state::State;
pub use target::{Remote, Target};
pub use upload::Upload;
