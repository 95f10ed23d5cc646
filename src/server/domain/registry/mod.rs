//! Registries: what can be asked of them and what is refused.

mod child;
mod choice;
mod credential;
mod encryption;
mod holdings;
mod identifier;
mod identity;
mod kind;
mod login_server;
mod network;
mod policy;
mod private_link;
mod settings;
mod tier;
mod usage;

pub(crate) use child::{Child, check_child_name, check_room};
pub(crate) use credential::{is_password, new_password};
pub use credential::{list as list_credentials, regenerate as regenerate_credential};
pub(crate) use identifier::registry_id;
pub use kind::Registries;
pub use login_server::check_name;
pub use private_link::resources as private_link_resources;
pub(crate) use tier::storage_cap;
pub use usage::list as list_usages;

/// The type on the wire.
pub use acr_api::arm::REGISTRY_TYPE as TYPE;
