//! Everything that is tested from outside a crate, in one binary.

mod cli;
mod generated;
mod oracle;
mod process;
mod server;
mod tidy;
