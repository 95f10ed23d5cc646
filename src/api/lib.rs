//! The words both faces use: wire types and name grammars, nothing else.
//!
//! A type here says how something is written on the wire and what is a well-formed name; what it
//! means is decided by the server's domain and by the commands. Names are parsed once, at the edge,
//! so that inner code handles no raw strings.

#![warn(missing_docs)]

pub mod acr;
pub mod arm;
pub mod auth;
mod null;
pub mod oci;
#[cfg(test)]
mod testing;
mod text;
