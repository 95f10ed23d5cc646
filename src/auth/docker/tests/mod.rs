//! Files, programs and both together.

mod config;
#[cfg(unix)]
mod keychain;
#[cfg(unix)]
mod protocol;
