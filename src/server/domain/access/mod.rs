//! Who may do what with the content of a registry: network rules, credentials, rights, refusals.

mod admission;
mod claims;
mod demand;
mod grant;
mod identity;
mod login;
mod memory;
mod network;
pub(crate) mod path_style;
mod refusal;
mod registry;
mod rights;
#[cfg(test)]
mod tests;

pub use admission::{Access, Knock, admit};
pub(crate) use admission::{basic, check_network};
pub use demand::Demand;
pub(crate) use demand::PUSH;
pub(crate) use grant::{Asked, Grant, Granted, blank_token, exchange, scopes, token};
pub use identity::Identity;
pub(crate) use memory::Memory;
pub use refusal::Refusal;
pub use registry::{Registry, by_label, find, labels};
