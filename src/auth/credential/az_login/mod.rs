//! The login that az left behind, whatever kind of identity it was.

mod holder;
mod login;

pub(crate) use login::AzLogin;

#[cfg(test)]
mod tests;
