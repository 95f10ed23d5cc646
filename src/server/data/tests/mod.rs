//! Requests to registries, answered in process. Those that show what the distribution specification demands are named
//! by its sections.

mod acr_v1;
mod blob;
mod fixture;
mod host;
mod listing;
mod lock;
mod manifest;
mod race;
mod referrers;
mod upload;
