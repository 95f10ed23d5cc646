//! The login of a person by a code that they type in on any device, and its renewal.

mod login;
mod offer;

pub use offer::DevicePrompt;

pub(crate) use login::{AZURE_CLI_CLIENT_ID, DeviceLogin};
pub(crate) use offer::log_in;

#[cfg(test)]
mod tests;
