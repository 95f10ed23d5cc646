//! Imports over the whole of the domain: from registries of this server, and from others, which may lie.

mod fairness;
mod fixture;
mod foreign;
mod hostile;
mod lease;
mod local;
mod request;
mod restart;
mod source;
