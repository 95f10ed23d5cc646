//! The grants: one file for each way to get a token.

mod client_credentials;
mod device_code;
mod refresh_token;

pub(super) use client_credentials::grant as client_credentials;
pub(super) use device_code::grant as device_code;
pub(super) use refresh_token::grant as refresh_token;
