//! From tokens to the tree: a top-down parser driven by how strongly an operator binds.

mod bracket;
mod cursor;
mod expression;

pub(super) use expression::parse;
