//! Tests with real sockets, real folders and real processes.

mod background;
mod certificates;
mod connections;
mod drain;
mod fixture;
mod resets;
