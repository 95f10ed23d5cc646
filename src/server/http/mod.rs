//! HTTP from the socket to the router.

mod activity;
pub(crate) mod answer;
pub(crate) mod arm_error;
mod bearer;
mod connection;
pub(crate) mod extract;
pub(crate) mod filter;
pub(crate) mod health;
pub(crate) mod listener;
pub(crate) mod metrics;
pub mod middleware;
pub(crate) mod oci_error;
mod origin;
pub(crate) mod paging;
mod patient;
mod peer;
mod plain;
pub(crate) mod registry_refusal;
mod router;
pub mod tls;

pub(crate) use bearer::authenticate;
pub(crate) use origin::{is_loopback, origin};
pub use peer::Peer;
pub use router::router;
