//! Start, stop and everything a server leaves in its folder for those outside it.

mod admin;
mod az_profile;
mod ca_bundle;
mod control;
mod data_dir;
mod detach;
mod environment;
mod instance;
mod lock;
mod probe;
mod process;
mod record;
mod serve;
mod status;
mod stop;
#[cfg(test)]
mod tests;

pub use admin::{Admin, Identity};
pub use control::{Control, Handle};
pub(crate) use control::{Phase, reached};
pub use data_dir::DataDir;
pub(crate) use data_dir::{OWNER_ONLY, READABLE, read_if_present, write_whole};
pub use detach::{DETACHED_VARIABLE, Launch, detach};
pub use environment::{Shell, environment};
pub use instance::Instance;
pub use process::leave_session;
pub use record::{Record, State};
pub use serve::serve;
pub use status::{Status, is_running, status};
pub use stop::stop;
