//! What the OCI distribution specification asks of a registry: version 1.1, and what its main branch has added.
//!
//! The files are its sections, in its order. The doc comment of each test gives, in our words, the sentences that it
//! holds the server against, MUST and SHOULD. Where the specification leaves the choice (MAY), the test says what was
//! chosen. Two sentences need no test here: that unfinished uploads end after a while is tested where the clock can be
//! set (`src/server/data/tests/upload.rs`), and warnings, which may not be long, are never sent.

mod discovery;
mod endpoints;
mod errors;
mod management;
mod proxying;
mod pull;
mod push;
mod repository;
mod wire;
