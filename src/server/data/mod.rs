//! The hosts of registries: the distribution API, Azure's own, and how a request finds its registry.

mod acr_v1;
mod answer;
mod body;
mod call;
mod dispatch;
mod gate;
mod host;
mod link;
pub(crate) mod oauth2;
mod path;
mod query;
mod route;
#[cfg(test)]
mod tests;
mod v2;

pub(crate) use host::{guard, has_large_body};
