//! The words of the token service.

mod action;
mod challenge;
mod cloud;
mod scope;
mod token;

pub use action::{Action, ResourceKind};
pub use challenge::{BearerChallenge, Challenge};
pub use cloud::{CloudAuthentication, CloudMetadata, CloudSuffixes};
pub use scope::{AccessRecord, InvalidScope, Scope};
pub use token::{DeviceCodeResponse, OpenIdConfiguration, TokenErrorBody, TokenResponse};
