//! Tokens of a registry that belong to nobody in the directory: a name, passwords, a scope map.

mod generate;
mod kind;
mod password;
mod proof;

pub use generate::generate;
pub use kind::{TYPE, Tokens, removal_below};
pub(crate) use proof::{check, find};
