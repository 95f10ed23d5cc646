//! The server as a process: what a client sees of it when things go wrong.

mod connection;
mod crash;
mod full_disk;
mod hostile;
mod many;
mod postgres;
