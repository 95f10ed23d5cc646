//! The registry itself: control plane and token service behind one port.

mod clock;
pub mod config;
mod error;
pub mod http;
pub mod lifecycle;
pub mod log;

pub use error::Error;
