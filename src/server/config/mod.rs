//! What `acr serve` can be told, and where it may be told it.

mod file;
mod layers;
mod master_key;
mod setting;
#[cfg(test)]
mod tests;
mod trusted_issuers;
mod value;

pub use layers::{Config, Layers};
pub use master_key::MasterKeySource;
pub use setting::{Origin, Setting};
pub use value::{CertificateFiles, Database, Listen, LogFormat, LogLevel};
