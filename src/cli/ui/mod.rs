//! The output side of the command line: answers to bytes, progress and questions to the person.

pub(crate) mod bars;
mod colour;
pub(crate) mod data;
mod format;
mod json;
pub(crate) mod progress;
pub(crate) mod prompt;
mod python;
pub(crate) mod query;
mod screen;
pub(crate) mod table;
mod tsv;
mod yaml;

pub(crate) use format::{Format, RenderError, Style, render};
