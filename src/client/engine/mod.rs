//! The images that a container engine on this machine has: Docker's or Podman's, over its HTTP API.
//!
//! ```text
//! address: DOCKER_HOST, CONTAINER_HOST, docker's context, the usual sockets
//!    └─▶ Engine: is it there? ─┬─▶ save: its archive as a stream  ─▶ transfer::Local
//!                              └─▶ load: an archive that was made ◀─ transfer::Target
//! ```
//!
//! No program is run; both engines answer to the same paths.

mod address;
mod archive;
mod connection;
mod error;
#[cfg(test)]
mod tests;

pub use address::{Address, Kind};
pub use connection::Engine;
pub use error::Error;
