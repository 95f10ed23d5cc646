//! What the commands about the content of a registry share: how repositories, tags and manifests are named
//! and listed, and how their locks are turned.
//!
//! ```text
//! --repository, --image ────────▶ name ─┐
//! -r -n, or LOGINSERVER/NAME… ─▶ place ─┴─▶ data_plane ─▶ Registry ─▶ page, attributes, deleted ─▶ JSON
//! ```
//!
//! Names are read before anything is sent. What the service answers is passed on whole.

mod attributes;
mod deleted;
mod name;
mod page;
mod place;
mod registry;

pub(crate) use attributes::{LockArgs, change, digest_of, show};
pub(crate) use deleted::add_expiry;
pub(crate) use name::{Image, RepositoryOrImageArgs, repository};
pub(crate) use page::{OrderArgs, TopArgs, everything};
pub(crate) use place::{Form, ManifestArgs, Place, RepositoryArgs};
pub(crate) use registry::{RegistryArgs, not_there};
