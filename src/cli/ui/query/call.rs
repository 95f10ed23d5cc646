//! Calls of functions: the arguments are worked out and checked before a function sees them.

use super::{
    super::data::{Data, Fields, Items, Number, Shape},
    error::EvaluationError,
    eval::evaluate,
    function::Function,
    node::{Argument, Node},
};

/// What a function takes at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    Number,
    Text,
    Array,
    Object,
    Numbers,
    Texts,
    NumbersOrTexts,
    ArrayOrText,
    ArrayTextOrObject,
    Expression,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Any => "a value",
            Kind::Number => "a number",
            Kind::Text => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
            Kind::Numbers => "an array of numbers",
            Kind::Texts => "an array of strings",
            Kind::NumbersOrTexts => "an array of numbers or of strings",
            Kind::ArrayOrText => "an array or a string",
            Kind::ArrayTextOrObject => "an array, a string or an object",
            Kind::Expression => "an expression that starts with `&`",
        }
    }

    /// Says what an unfit value is.
    fn check(self, data: &Data<'_>) -> Result<(), String> {
        let shape = data.shape();
        let is_fit = match (self, shape) {
            (Kind::Any, _)
            | (Kind::Number, Shape::Number(_))
            | (Kind::Text | Kind::ArrayOrText | Kind::ArrayTextOrObject, Shape::Text(_))
            | (Kind::Array | Kind::ArrayOrText | Kind::ArrayTextOrObject, Shape::List(_))
            | (Kind::Object | Kind::ArrayTextOrObject, Shape::Object(_)) => true,
            (Kind::Numbers, Shape::List(items)) => return check_items(items, "a number"),
            (Kind::Texts, Shape::List(items)) => return check_items(items, "a string"),
            (Kind::NumbersOrTexts, Shape::List(items)) => {
                let first = items.get(0).map(|item| name_of(&item));
                return match first {
                    None => Ok(()),
                    Some(first @ ("a number" | "a string")) => check_items(items, first),
                    Some(first) => Err(format!("an array with {first}")),
                };
            }
            _ => false,
        };
        if is_fit {
            Ok(())
        } else {
            Err(name_of(data).to_owned())
        }
    }
}

fn check_items(items: Items<'_, '_>, wanted: &str) -> Result<(), String> {
    match items
        .iter()
        .map(|item| name_of(&item))
        .find(|name| *name != wanted)
    {
        Some(other) => Err(format!("an array with {other}")),
        None => Ok(()),
    }
}

fn name_of(data: &Data<'_>) -> &'static str {
    match data.shape() {
        Shape::Null => "null",
        Shape::Bool(_) => "a boolean",
        Shape::Number(_) => "a number",
        Shape::Text(_) => "a string",
        Shape::List(_) => "an array",
        Shape::Object(_) => "an object",
    }
}

/// The checked arguments of one call.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) function: &'static Function,
    pub(super) values: Vec<Data<'a>>,
    expression: Option<&'a Node>,
}

impl<'a> Call<'a> {
    /// Runs the `&` argument on `data`.
    pub(super) fn apply(&self, data: &Data<'a>) -> Result<Data<'a>, EvaluationError> {
        match self.expression {
            Some(node) => evaluate(node, data),
            None => Ok(Data::Null),
        }
    }

    pub(super) fn number(&self, index: usize) -> Number {
        match self.values[index].shape() {
            Shape::Number(number) => number,
            _ => Number::Float(f64::NAN),
        }
    }

    pub(super) fn text(&self, index: usize) -> &str {
        match self.values[index].shape() {
            Shape::Text(text) => text,
            _ => "",
        }
    }

    pub(super) fn items(&self, index: usize) -> Items<'_, 'a> {
        match self.values[index].shape() {
            Shape::List(items) => items,
            _ => Items::Plain(&[]),
        }
    }

    pub(super) fn fields(&self, index: usize) -> Option<Fields<'_, 'a>> {
        match self.values[index].shape() {
            Shape::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The error for a value that turned out unfit while the function ran.
    pub(super) fn unfit(&self, expected: &'static str, found: &Data<'_>) -> EvaluationError {
        EvaluationError::ArgumentType {
            function: self.function.name,
            expected,
            found: name_of(found).to_owned(),
        }
    }
}

pub(super) fn call<'a>(
    name: &str,
    function: Option<&'static Function>,
    arguments: &'a [Argument],
    data: &Data<'a>,
) -> Result<Data<'a>, EvaluationError> {
    let Some(function) = function else {
        return Err(EvaluationError::UnknownFunction(name.to_owned()));
    };
    let expected = function.parameters.len();
    let is_fit =
        arguments.len() == expected || (function.is_variadic && arguments.len() > expected);
    if !is_fit {
        return Err(EvaluationError::ArgumentCount {
            function: function.name,
            expected,
            at_least: function.is_variadic,
            given: arguments.len(),
        });
    }
    let mut call = Call {
        function,
        values: Vec::with_capacity(arguments.len()),
        expression: None,
    };
    for (index, argument) in arguments.iter().enumerate() {
        let kind = function
            .parameters
            .get(index)
            .copied()
            .unwrap_or(function.rest());
        let unfit = |found: String| EvaluationError::ArgumentType {
            function: function.name,
            expected: kind.name(),
            found,
        };
        match argument {
            Argument::Expression(node) if kind == Kind::Expression => {
                call.expression = Some(node);
                // Keeps the numbering of the arguments.
                call.values.push(Data::Null);
            }
            Argument::Expression(_) => return Err(unfit("an expression".to_owned())),
            Argument::Value(node) => {
                let value = evaluate(node, data)?;
                kind.check(&value).map_err(unfit)?;
                call.values.push(value);
            }
        }
    }
    (function.run)(&call)
}
