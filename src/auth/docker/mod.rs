//! The credentials of Docker and Podman: their files, the programs they keep secrets with, and the
//! part of such a program that this one can play itself.
//!
//! ```text
//! Keychain ─▶ Places (which files) ─▶ ConfigFile (lock, read, replace) ─▶ Config (what it says)
//!    │                                                                      │ credHelpers, credsStore
//!    └──────────────────▶ Program (docker-credential-NAME get store erase list) ◀┘
//!
//! docker, podman, … ─▶ docker-credential-acr ─▶ answer ─▶ TokenSource
//! ```
//!
//! Neither Docker nor Podman is needed, and no other program is run than those the files name.

mod answer;
mod config;
mod config_file;
mod credential;
mod error;
mod host;
mod keychain;
mod own_program;
mod place;
mod program;
mod protocol;
#[cfg(unix)]
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use answer::{Answer, TokenSource, answer};
pub use credential::Credential;
pub use error::Error;
pub use keychain::{Keychain, Stored};
pub use own_program::OWN_PROGRAM;
pub use place::{Flavor, Places};
