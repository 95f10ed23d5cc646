//! The real `az` as the judge of both faces: of the server it drives, and of the command line it is compared with.

mod account;
mod az;
mod client;
mod coverage;
mod driver;
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
