//! Everything that is tested from outside a crate, in one binary.

mod generated;
mod oracle;
mod tidy;
