//! The token cache that az's login library, MSAL, keeps: read, and written back in its own schema.

mod entry;
mod snapshot;

pub(crate) use entry::{Granted, Identity};
pub(crate) use snapshot::TokenCache;

#[cfg(test)]
mod tests;
