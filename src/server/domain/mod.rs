//! The rules of the service, without HTTP: plain functions over [`crate::app::App`].
pub mod caller;
pub mod diagnostic_setting;
pub mod directory;
mod error;
pub mod group;
pub mod operation;
pub(crate) mod random;
pub mod registry;
pub mod resource;
pub mod role;
pub mod seed;
pub mod stamp;
pub(crate) mod throttle;
pub mod token;
pub mod user_assigned_identity;

pub use error::{Error, ErrorKind};
