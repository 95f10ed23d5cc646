//! Credentials: where an Azure access token comes from, with neither az nor Docker needed.
//!
//! A [`Chain`] looks for a credential in this order. The first link that applies wins; if it then fails,
//! its error is shown and nothing else is tried.
//!
//! | link | applies when |
//! |---|---|
//! | a service principal given by the caller | the context has one |
//! | a service principal in variables | `AZURE_CLIENT_ID`, `AZURE_TENANT_ID` and a secret, certificate or token file |
//! | GitHub Actions, Azure DevOps | the job may ask for an identity token and names its application |
//! | managed identity by variables | `IDENTITY_ENDPOINT` (App Service, Arc), `MSI_ENDPOINT` |
//! | az's login | az's profile has a subscription in the chain's cloud |
//! | device code | [`Chain::device_code`] stored a login |
//! | managed identity of a virtual machine | its metadata service answers within a second |
//!
//! The last one needs a probe over the network, which is why it stands behind the logins: a developer's
//! machine never waits for it.
//!
//! ```text
//! chain ─▶ credential/order ─▶ credential/{client managed_identity az_login device_login}
//!   │                              │            │                │
//!   │                              ▼            ▼                ▼
//!   └─▶ cache (our own store)   authority ─▶ answer       az (az's files, MSAL's cache)
//! ```
//!
//! Tokens are kept in memory and, with their real expiry, in `tokens.json` in this program's folder: a
//! file for its owner alone, sealed with a key from the keyring on macOS and Windows. Tokens of az's login are kept
//! where az keeps them, under MSAL's lock, so that az stays logged in and profits too.
//!
//! No authority but the configured one is ever called: there is no instance discovery, with or without
//! `core.instance_discovery`. Tokens are asked for without the capability to answer claims challenges.
//!
//! The crate reads neither variables nor the clock; both come in with [`Environment`] and [`Settings`].

pub mod az;
pub mod docker;
pub mod exchange;

mod account;
mod answer;
mod authority;
mod cache;
mod chain;
mod claims;
mod cloud;
mod context;
mod credential;
mod environment;
mod error;
mod file;
mod link;
mod lock;
mod scope;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod token;

pub use account::{Account, User, UserKind};
pub use chain::{Chain, ServicePrincipal, Settings};
pub use cloud::Cloud;
pub use context::Clock;
pub use credential::DevicePrompt;
pub use environment::Environment;
pub use error::{Error, Refusal};
pub use link::Link;
pub use scope::Scope;
pub use token::AccessToken;
