//! Equality, order and truth of values, with the quirks of the Python engine behind az.

use std::cmp::Ordering;

use super::super::data::{Data, Fields, Number, Shape};

/// Whether `value` counts as true: nothing, false and what is empty do not.
pub(super) fn is_true(value: &Data<'_>) -> bool {
    match value.shape() {
        Shape::Null => false,
        Shape::Bool(bool) => bool,
        Shape::Number(_) => true,
        Shape::Text(text) => !text.is_empty(),
        Shape::List(items) => !items.is_empty(),
        Shape::Object(fields) => !fields.is_empty(),
    }
}

/// What `==` says: like [`is_same`], but a number never equals a boolean.
pub(super) fn is_equal(left: &Data<'_>, right: &Data<'_>) -> bool {
    match (left.shape(), right.shape()) {
        (Shape::Number(_), Shape::Bool(_)) | (Shape::Bool(_), Shape::Number(_)) => false,
        _ => is_same(left, right),
    }
}

/// Python's own equality, where `true` is 1 and the order of keys counts between two spelled objects.
pub(super) fn is_same(left: &Data<'_>, right: &Data<'_>) -> bool {
    match (left.shape(), right.shape()) {
        (Shape::Null, Shape::Null) => true,
        (Shape::Text(left), Shape::Text(right)) => left == right,
        (Shape::List(left), Shape::List(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right.iter())
                    .all(|(left, right)| is_same(&left, &right))
        }
        (Shape::Object(left), Shape::Object(right)) => is_same_object(left, right),
        (left, right) => match (numeric(left), numeric(right)) {
            (Some(left), Some(right)) => order(left, right) == Some(Ordering::Equal),
            _ => false,
        },
    }
}

fn is_same_object(left: Fields<'_, '_>, right: Fields<'_, '_>) -> bool {
    let is_in_order = left.is_ordered() && right.is_ordered();
    left.len() == right.len()
        && (!is_in_order
            || left
                .pairs()
                .iter()
                .map(|(key, _)| key)
                .eq(right.pairs().iter().map(|(key, _)| key)))
        && left
            .pairs()
            .iter()
            .all(|(key, value)| right.get(key).is_some_and(|other| is_same(value, &other)))
}

fn numeric(shape: Shape<'_, '_>) -> Option<Number> {
    match shape {
        Shape::Bool(bool) => Some(Number::Int(bool.into())),
        Shape::Number(number) => Some(number),
        _ => None,
    }
}

/// The order of two numbers, exact even between a large whole number and a float.
pub(super) fn order(left: Number, right: Number) -> Option<Ordering> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
        (Number::Float(left), Number::Float(right)) => left.partial_cmp(&right),
        (Number::Int(left), Number::Float(right)) => order_mixed(left, right),
        (Number::Float(left), Number::Int(right)) => {
            order_mixed(right, left).map(Ordering::reverse)
        }
    }
}

fn order_mixed(int: i128, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    // The cast stops at the ends of the range, beyond which the float lies outside any whole number here.
    let whole = float.trunc();
    match int.cmp(&(whole as i128)) {
        Ordering::Equal => 0.0_f64.partial_cmp(&(float - whole)),
        unequal => Some(unequal),
    }
}

/// A value that has an order among its like.
#[derive(Debug, Clone)]
pub(super) enum Key<'a> {
    Number(Number),
    Text(Data<'a>),
}

impl<'a> Key<'a> {
    pub(super) fn new(data: Data<'a>) -> Option<Self> {
        match data.shape() {
            Shape::Number(number) => Some(Key::Number(number)),
            Shape::Text(_) => Some(Key::Text(data)),
            _ => None,
        }
    }

    /// `Err` for a string against a number; NaN, which has no order, counts as equal.
    pub(super) fn order(&self, other: &Key<'_>) -> Result<Ordering, Mixed> {
        match (self, other) {
            (Key::Number(left), Key::Number(right)) => {
                Ok(order(*left, *right).unwrap_or(Ordering::Equal))
            }
            (Key::Text(left), Key::Text(right)) => match (left.shape(), right.shape()) {
                (Shape::Text(left), Shape::Text(right)) => Ok(left.cmp(right)),
                _ => Err(Mixed),
            },
            _ => Err(Mixed),
        }
    }
}

/// A string met a number where an order was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mixed;
