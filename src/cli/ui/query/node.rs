//! The tree of a query.

use std::str::FromStr;

use serde_json::Value;

use super::{
    super::data::Data,
    error::{EvaluationError, SyntaxError},
    eval,
    function::Function,
    parse,
};

/// A query that has been read.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    root: Node,
}

impl Expression {
    /// Reads a query.
    pub(crate) fn parse(text: &str) -> Result<Self, SyntaxError> {
        parse::parse(text).map(|root| Expression { root })
    }

    /// Answers the query from `value`.
    pub(crate) fn search<'a>(&'a self, value: &'a Value) -> Result<Data<'a>, EvaluationError> {
        eval::evaluate(&self.root, &Data::Plain(value))
    }
}

impl FromStr for Expression {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        Expression::parse(text)
    }
}

#[derive(Debug, Clone)]
pub(super) enum Node {
    Current,
    Field(String),
    Literal(Value),
    Index(i64),
    Slice(Slice),
    /// Each node is asked about the answer of the one before.
    Path(Vec<Node>),
    /// A path that ends in brackets; more brackets are added to it without starting a projection.
    Brackets(Vec<Node>),
    Flatten(Box<Node>),
    /// Every item of the list that `of` gives, through `each`.
    Items {
        of: Box<Node>,
        each: Box<Node>,
    },
    /// Every value of the object that `of` gives, through `each`.
    Values {
        of: Box<Node>,
        each: Box<Node>,
    },
    Filter {
        of: Box<Node>,
        each: Box<Node>,
        condition: Box<Node>,
    },
    Compare {
        comparison: Comparison,
        left: Box<Node>,
        right: Box<Node>,
    },
    /// The first that is true, else the last.
    Or(Vec<Node>),
    /// The first that is false, else the last.
    And(Vec<Node>),
    Not(Box<Node>),
    List(Vec<Node>),
    Hash(Vec<(String, Node)>),
    Call {
        name: String,
        function: Option<&'static Function>,
        arguments: Vec<Argument>,
    },
}

impl Node {
    /// `self`, boxed as a child.
    pub(super) fn boxed(self) -> Box<Node> {
        Box::new(self)
    }
}

#[derive(Debug, Clone)]
pub(super) enum Argument {
    Value(Node),
    /// `&expression`, which the function runs itself.
    Expression(Node),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Slice {
    pub(super) start: Option<i64>,
    pub(super) end: Option<i64>,
    pub(super) step: Option<i64>,
}
