//! What was answered is there after `kill -9`, and what was not has left no half of itself.

mod check;
mod collector;
mod model;
mod registries;
mod rounds;
mod worker;
