//! TLS: which certificate a connection gets, from files or from a local authority.

mod authority;
mod certificate;
mod files;
mod leaf;
mod names;
mod server;
#[cfg(test)]
mod tests;

pub use server::Tls;
