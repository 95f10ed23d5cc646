//! The command line as a process, against a server of its own.

mod completion;
mod context;
mod defaults;
mod lifecycle;
mod network;
mod output;
mod quickstart;
mod usage;
