//! Every identity, every action, both role modes; and everything that must be kept out.

mod conditions;
mod matrix;
mod network;
mod revocation;
mod world;
mod wrong;
