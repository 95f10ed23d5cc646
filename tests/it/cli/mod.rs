//! The command line as a process, against a server of its own.

mod completion;
mod context;
mod credential_helper;
mod defaults;
mod gate;
mod images;
mod import;
mod killed;
mod lifecycle;
mod login;
mod manifest;
mod mistakes;
mod network;
mod output;
mod pull;
mod purge;
mod push;
mod quickstart;
mod repository;
mod show_usage;
mod stage;
mod tag;
mod usage;
mod waiting;
