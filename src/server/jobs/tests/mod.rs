//! Jobs of servers that share one store; every attempt counts as one of another server.

mod lease;
mod schedule;
