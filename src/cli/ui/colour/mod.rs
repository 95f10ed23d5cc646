//! `-o jsonc` and `-o yamlc`: the colours az gives a document on a terminal.

mod json;
mod paint;
mod yaml;

pub(super) use json::colour as json;
pub(super) use yaml::colour as yaml;
