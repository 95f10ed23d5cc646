//! What az keeps in its folder: settings, clouds, the profile, and the tokens of its login.

mod cloud;
mod config;
mod ini;
mod profile;
mod secret_file;
mod service_principals;
mod token_cache;

pub use cloud::{active_cloud, clouds};
pub use config::Config;
pub use ini::{Ini, IniError};
pub use profile::{Profile, Subscription};

pub(crate) use profile::PROFILE_FILE;
pub(crate) use service_principals::ServicePrincipals;
pub(crate) use token_cache::{Granted, Identity, TokenCache};
