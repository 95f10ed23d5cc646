//! Requests to registries, answered in process. Those that show what the distribution specification demands are named
//! by its sections.

mod acr_v1;
mod bare;
mod blob;
mod deleted;
mod deleted_race;
mod document;
mod fixture;
mod freshness;
mod host;
mod listing;
mod lock;
mod manifest;
mod path_style;
mod postgres;
mod principal;
mod pull;
mod quarantine;
mod race;
mod referrers;
mod sealing;
mod upload;
mod usage;
