//! A registry's own tokens: from an Azure token, a name and a password, or nothing at all.
//!
//! ```text
//! GET /v2/ ─▶ challenge ─▶ POST /oauth2/exchange ─▶ POST /oauth2/token
//!                          Azure token in,           refresh token or password in,
//!                          refresh token out         access token for some scopes out
//! ```
//!
//! Tokens are kept in memory and in the store of this program until shortly before the end they name
//! themselves. A stored token is not believed for ever: one that is refused, or that opens less than
//! was asked for, is fetched anew once, because rights may have been granted since.

mod asker;
mod challenge;
mod error;
mod known_hosts;
mod login_server;
mod registry;
mod service;
#[cfg(test)]
mod tests;
mod token;

pub use error::{Error, Hop};
pub use known_hosts::KnownHosts;
pub use login_server::LoginServer;
pub use registry::{Identity, Registry, Settings};
pub use token::{Authorization, RegistryToken, TOKEN_USERNAME};
