//! The kinds of credentials, one file each, and the order in which they are looked for.

mod address;
mod app_service;
mod az_login;
mod azure_arc;
mod azure_devops;
mod certificate;
mod client;
mod device_login;
mod github_actions;
mod kind;
mod managed_identity;
mod msi_endpoint;
mod order;
mod selector;
mod service_principal;
mod virtual_machine;

pub use device_login::DevicePrompt;

pub(crate) use certificate::Certificate;
pub(crate) use client::{Client, Proof};
pub(crate) use device_login::log_in;
pub(crate) use kind::Credential;
pub(crate) use order::resolve;
