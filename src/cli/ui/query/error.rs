//! What can be wrong with a query: how it is written, or what it meets in the data.

/// A query that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SyntaxError {
    #[error("the query is empty")]
    Empty,
    #[error("{problem}, at column {} of the query:\n  {expression}\n  {}^", column + 1, " ".repeat(*column))]
    At {
        problem: String,
        /// Characters before the place.
        column: usize,
        expression: String,
    },
}

/// A query that can be read but not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EvaluationError {
    #[error("there is no function {0}()")]
    UnknownFunction(String),
    #[error("{function}() takes {}{expected} argument{}, not {given}", if *at_least { "at least " } else { "" },
        if *expected == 1 { "" } else { "s" })]
    ArgumentCount {
        function: &'static str,
        expected: usize,
        at_least: bool,
        given: usize,
    },
    #[error("{function}() works on {expected}, not on {found}")]
    ArgumentType {
        function: &'static str,
        expected: &'static str,
        found: String,
    },
    #[error("a string and a number have no order, `{operator}` needs two of a kind")]
    MixedOrder { operator: &'static str },
    #[error("the step of a slice must not be 0")]
    ZeroStep,
}
