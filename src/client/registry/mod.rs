//! One registry host, as the OCI distribution specification and `/acr/v1` speak with it.
//!
//! ```text
//! get_manifest put_blob download referrers metadata …        the verbs
//!        └──────────── send ────────────┐                    challenge, token, one more try, redirects
//!              token ◀── credential     └──▶ acr_http      (credential: a password, a refresh token, or an
//!                                                            Azure identity by way of acr_auth::exchange)
//! ```
//!
//! A credential goes to the registry and to the token service the registry names, and nowhere else:
//! a redirect or an upload address on another host is followed without it.

mod blob;
mod challenge;
mod content;
mod credential;
mod download;
mod endpoint;
mod error;
mod hasher;
mod listing;
mod manifest;
mod metadata;
mod redirect;
mod referrers;
mod send;
mod session;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod token;
mod token_service;
mod unfinished;
mod upload;

pub use content::{Content, FileSlice};
pub use credential::{Credential, CredentialSource, Pending};
pub use download::Download;
pub use endpoint::Endpoint;
pub use error::{Damage, Error, Refusal};
pub use hasher::Hasher;
pub use listing::Pages;
pub use manifest::{ManifestDocument, ManifestHead, StoredManifest};
pub use metadata::Entity;
pub use send::Registry;
pub use token::Granted;
pub use unfinished::Unfinished;
pub use upload::{BlobUpload, Progress, Uploaded};
