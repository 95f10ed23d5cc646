//! Images by name: which registry they are in, and a client of it.
//!
//! ```text
//! REPOSITORY:TAG                     the registry of --name, or the default one
//! a.b/REPOSITORY:TAG with --name     that registry's repository a.b/REPOSITORY
//! FOO.azurecr.io/REPOSITORY:TAG      a registry of the context in use: our own tokens
//! HOST:PORT/FOO/REPOSITORY:TAG       the same, named in the path style of a server of our own
//! ghcr.io/REPOSITORY:TAG             anybody's registry: the logins of Docker and Podman, else nobody's
//! ```

mod args;
mod foreign;
mod place;

pub(crate) use args::ImageArgs;
pub(crate) use place::Image;
