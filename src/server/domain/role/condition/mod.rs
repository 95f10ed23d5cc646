//! Conditions of role assignments, version 2.0: read once, asked for each action and repository.

mod evaluate;
mod lex;
mod operator;
mod parse;
#[cfg(test)]
mod tests;

pub(crate) use evaluate::Question;
pub(crate) use parse::Condition;

/// The longest condition.
pub(super) const LONGEST_BYTES: usize = 8 * 1024;
