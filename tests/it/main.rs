//! Everything that is tested from outside a crate, in one binary.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod cli;
mod fuzz;
mod generated;
mod oracle;
mod process;
mod random;
mod registry;
mod server;
mod tidy;
