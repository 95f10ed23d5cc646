//! Contexts: the places that commands may go to, each with a name.
//!
//! ```text
//! serve, context add ─▶ name, endpoint: fit to be one? ─▶ server: its admin.json, or a copy among our settings
//!                                                  │
//! context use, create, delete ───────────▶ known: contexts.json, changed under a lock
//!                                                  │
//! every command ◀──────────────────────────────────┘
//! ```

mod endpoint;
mod known;
mod name;
mod server;

pub(crate) use endpoint::check_endpoint;
pub(crate) use known::Contexts;
pub(crate) use name::{AZURE, LOCAL, check_name};
pub(crate) use server::{Admin, SERVER_GROUP, Server};
