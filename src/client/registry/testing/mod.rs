//! A registry in this process that can be told to lie, to break off and to refuse.

mod auth;
mod fake;
mod reply;

pub(crate) use auth::{Login, Tokens};
pub(crate) use fake::{Fake, Faults, name, serve};
