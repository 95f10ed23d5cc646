//! The server as a process: what a client sees of it when things go wrong.

mod buried;
mod collect;
mod conformance;
mod connection;
mod crash;
mod crowd;
mod foreign_blobs;
mod full_disk;
mod hostile;
mod many;
mod postgres;
