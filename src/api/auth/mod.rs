//! The words of the token service.

mod cloud;
mod token;

pub use cloud::{CloudAuthentication, CloudMetadata, CloudSuffixes};
pub use token::{DeviceCodeResponse, OpenIdConfiguration, TokenErrorBody, TokenResponse};
