//! JMESPath as az's `--query` has it: read with [`Expression::parse`], run with [`Expression::search`].

mod call;
mod compact;
mod compare;
mod error;
mod eval;
mod function;
mod lex;
mod node;
mod number;
mod order;
mod parse;

pub(crate) use error::EvaluationError;
pub(crate) use node::Expression;

#[cfg(test)]
mod tests;
