//! The client against a registry that lies, breaks off, throttles and asks for more.

mod auth;
mod blobs;
mod listings;
mod manifests;
mod uploads;
