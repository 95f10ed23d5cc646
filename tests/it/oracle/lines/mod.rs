//! The command lines of the comparison.

mod access;
mod answer;
mod config;
mod deleted;
mod import;
mod login;
mod manifest;
mod registry;
mod repository;

use super::line::Line;

/// At least one for each option of each command, for each form of answer, and for each kind of mistake.
pub(super) fn all() -> impl Iterator<Item = &'static Line> {
    [
        answer::LINES,
        registry::LINES,
        config::LINES,
        access::LINES,
        repository::LINES,
        manifest::LINES,
        deleted::LINES,
        import::LINES,
        login::LINES,
    ]
    .into_iter()
    .flatten()
}
