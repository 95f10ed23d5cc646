//! The real `az` as the judge of both faces: of the server it drives, and of the command line it is compared with;
//! and the real clients of registries as judges of the data plane.

mod account;
mod az;
mod client;
mod clients;
mod content;
mod coverage;
mod driver;
mod installed;
mod line;
mod lines;
mod mask;
mod output;
mod profile;
mod recorded;
mod recorder;
mod requests;
mod stage;
mod sweep;
mod tls;
mod world;
