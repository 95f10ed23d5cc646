//! The rules of the service, without HTTP: plain functions over [`crate::app::App`].

pub mod access;
pub mod caller;
pub mod content;
pub mod diagnostic_setting;
pub mod directory;
mod error;
pub mod group;
pub mod import;
pub mod operation;
pub(crate) mod random;
pub mod registry;
pub mod repository_token;
pub mod resource;
pub mod role;
mod scan;
pub mod scope_map;
pub(crate) mod sealing;
pub mod seed;
pub mod stamp;
pub(crate) mod throttle;
pub mod token;
pub mod usage;
pub mod user_assigned_identity;

pub use error::{Error, ErrorKind};
