//! HTTP from the socket to the router.
mod activity;
mod connection;
pub(crate) mod health;
pub(crate) mod listener;
pub(crate) mod metrics;
pub mod middleware;
mod patient;
mod peer;
mod plain;
pub mod tls;

pub use peer::Peer;
