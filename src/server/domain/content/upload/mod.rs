//! Uploads of blobs: sessions that outlive requests and restarts.

mod chunk;
mod clear;
mod finish;
mod receive;
mod session;
#[cfg(test)]
mod tests;

pub use chunk::{Body, Chunk};
pub use finish::{finish, store};
pub use receive::receive;
pub use session::{Session, begin, cancel, find};

pub(super) use clear::Begun;
