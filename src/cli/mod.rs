//! The command line: arguments in, one answer out, an exit code.
//!
//! ```text
//! main ─▶ run ─▶ file_argument ─▶ arguments (clap) ─▶ Ctx ─▶ commands::…::run ─▶ Reply ─▶ ui ─▶ stdout
//!                     │                                                        └▶ CliError ─▶ stderr, exit code
//!                     └─ config: variables, az's settings, contexts (read here and nowhere else)
//! ```

mod actions;
mod args;
mod commands;
mod complete;
mod config;
mod console;
mod content;
mod context;
mod credential_helper;
mod ctx;
mod data_plane;
mod edits;
mod engine;
mod error;
mod file_argument;
mod generate;
mod image;
mod import;
mod keychain;
mod log;
mod mistake;
mod network;
mod passwords;
mod pauses;
mod purge;
mod refusal;
mod registry;
mod reply;
mod run;
mod sample;
mod settings_args;
mod shape;
mod tables;
mod target;
mod transfer;
mod ui;
mod usage;

pub(crate) use run::main;
