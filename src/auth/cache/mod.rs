//! This program's own store of tokens and logins.

mod content;
mod keyring;
mod seal;
mod vault;

pub(crate) use content::{StoredLogin, TokenKey};
pub(crate) use keyring::az_keychain_item;
pub(crate) use vault::Vault;

#[cfg(test)]
mod tests;
