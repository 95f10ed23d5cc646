//! The registry itself: control plane and token service behind one port.

pub mod app;
mod clock;
pub mod config;
mod control;
mod data;
pub mod domain;
mod error;
mod graph;
pub mod http;
mod identity;
mod jobs;
pub mod lifecycle;
pub mod log;
mod run;
#[cfg(test)]
mod testing;

pub use error::Error;
pub use run::run;
