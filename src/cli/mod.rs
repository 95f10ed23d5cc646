//! The command line: arguments in, one answer out, an exit code.
//!
//! ```text
//! main ─▶ run ─▶ arguments (clap) ─▶ Ctx ─▶ commands::…::run ─▶ Reply ─▶ ui ─▶ stdout
//!                     │                                      └▶ CliError ─▶ stderr, exit code
//!                     └─ config: variables, az's settings, contexts (read here and nowhere else)
//! ```

mod actions;
mod args;
mod commands;
mod complete;
mod config;
mod console;
mod context;
mod ctx;
mod edits;
mod error;
mod generate;
mod log;
mod network;
mod passwords;
mod registry;
mod reply;
mod run;
mod settings_args;
mod shape;
mod tables;
mod target;
mod ui;

pub(crate) use run::main;
