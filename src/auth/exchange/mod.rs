//! A registry's refresh token for an Azure identity.
//!
//! ```text
//! GET /v2/ ─▶ challenge ─▶ POST /oauth2/exchange: Azure token in, refresh token out
//! ```
//!
//! What follows, a refresh token for an access token, is the same for every registry in the world and
//! the business of its client, which may keep its access tokens here too.
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

pub use error::{Error, Hop, NETWORK_ADVICE, keeps_network_out};
pub use known_hosts::KnownHosts;
pub use login_server::LoginServer;
pub use registry::{Registry, Settings};
pub use token::{RegistryToken, TOKEN_USERNAME};
