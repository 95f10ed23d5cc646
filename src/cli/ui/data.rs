//! The result of a command or a query: borrowed service JSON, and what a query built from it.

use std::rc::Rc;

use serde_json::{Map, Value};

/// A value ready to be rendered; cloning it never copies containers.
#[derive(Debug, Clone)]
pub(crate) enum Data<'a> {
    /// Taken as it is from the answer or from a literal of the query.
    Plain(&'a Value),
    Null,
    Bool(bool),
    Number(Number),
    Word(&'a str),
    Text(Rc<str>),
    List(Rc<[Data<'a>]>),
    Object(Rc<Object<'a>>),
}

/// An object made by a query.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    pub(crate) pairs: Vec<(&'a str, Data<'a>)>,
    /// Whether the query itself spelled the order of the keys, which `tsv` then keeps.
    pub(crate) is_ordered: bool,
}

impl<'a> Object<'a> {
    /// Sets a key; a key set again keeps its first place.
    pub(crate) fn insert(&mut self, key: &'a str, data: Data<'a>) {
        match self.pairs.iter_mut().find(|(name, _)| *name == key) {
            Some((_, slot)) => *slot = data,
            None => self.pairs.push((key, data)),
        }
    }
}

/// A number that keeps whole and fractional values apart.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    /// The number as a float, rounded if need be.
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Number::Int(int) => int as f64,
            Number::Float(float) => float,
        }
    }
}

impl From<&serde_json::Number> for Number {
    fn from(number: &serde_json::Number) -> Self {
        match number.as_i128() {
            Some(int) => Number::Int(int),
            None => Number::Float(number.as_f64().unwrap_or(f64::NAN)),
        }
    }
}

/// What a [`Data`] looks like, wherever it came from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape<'d, 'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'d str),
    List(Items<'d, 'a>),
    Object(Fields<'d, 'a>),
}

impl<'a> Data<'a> {
    /// The one view all readers use.
    pub(crate) fn shape(&self) -> Shape<'_, 'a> {
        match self {
            Data::Plain(Value::Null) | Data::Null => Shape::Null,
            Data::Plain(Value::Bool(bool)) => Shape::Bool(*bool),
            Data::Plain(Value::Number(number)) => Shape::Number(number.into()),
            Data::Plain(Value::String(text)) => Shape::Text(text),
            Data::Plain(Value::Array(items)) => Shape::List(Items::Plain(items)),
            Data::Plain(Value::Object(map)) => Shape::Object(Fields::Plain(map)),
            Data::Bool(bool) => Shape::Bool(*bool),
            Data::Number(number) => Shape::Number(*number),
            Data::Word(text) => Shape::Text(text),
            Data::Text(text) => Shape::Text(text),
            Data::List(items) => Shape::List(Items::Built(items)),
            Data::Object(object) => Shape::Object(Fields::Built(object)),
        }
    }

    /// Whether this is JSON's null.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Data::Null | Data::Plain(Value::Null))
    }

    /// An array holding `items`.
    pub(crate) fn list(items: Vec<Data<'a>>) -> Self {
        Data::List(items.into())
    }

    /// A string made anew.
    pub(crate) fn text(text: impl Into<Rc<str>>) -> Self {
        Data::Text(text.into())
    }

    /// A key that tells containers apart by identity, as equal ones at two places are not the same one.
    pub(crate) fn identity(&self) -> Option<usize> {
        match self {
            Data::Plain(value @ (Value::Array(_) | Value::Object(_))) => {
                Some(std::ptr::from_ref::<Value>(value) as usize)
            }
            Data::List(items) => Some(Rc::as_ptr(items).cast::<()>() as usize),
            Data::Object(object) => Some(Rc::as_ptr(object) as usize),
            _ => None,
        }
    }

    /// Whether an object spelled by the query is this value or lies within it.
    pub(crate) fn has_ordered_object(&self) -> bool {
        match self {
            Data::List(items) => items.iter().any(Data::has_ordered_object),
            Data::Object(object) => {
                object.is_ordered
                    || object
                        .pairs
                        .iter()
                        .any(|(_, data)| data.has_ordered_object())
            }
            _ => false,
        }
    }
}

/// The items of an array.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Items<'d, 'a> {
    Plain(&'a [Value]),
    Built(&'d [Data<'a>]),
}

impl<'d, 'a> Items<'d, 'a> {
    pub(crate) fn len(self) -> usize {
        match self {
            Items::Plain(items) => items.len(),
            Items::Built(items) => items.len(),
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.len() == 0
    }

    pub(crate) fn get(self, index: usize) -> Option<Data<'a>> {
        match self {
            Items::Plain(items) => items.get(index).map(Data::Plain),
            Items::Built(items) => items.get(index).cloned(),
        }
    }

    pub(crate) fn iter(
        self,
    ) -> impl DoubleEndedIterator<Item = Data<'a>> + ExactSizeIterator + use<'d, 'a> {
        (0..self.len()).map(move |index| match self {
            Items::Plain(items) => Data::Plain(&items[index]),
            Items::Built(items) => items[index].clone(),
        })
    }
}

/// The fields of an object, in the order they came.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fields<'d, 'a> {
    Plain(&'a Map<String, Value>),
    Built(&'d Object<'a>),
}

impl<'d, 'a> Fields<'d, 'a> {
    pub(crate) fn len(self) -> usize {
        match self {
            Fields::Plain(map) => map.len(),
            Fields::Built(object) => object.pairs.len(),
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.len() == 0
    }

    pub(crate) fn is_ordered(self) -> bool {
        matches!(self, Fields::Built(object) if object.is_ordered)
    }

    pub(crate) fn get(self, key: &str) -> Option<Data<'a>> {
        match self {
            Fields::Plain(map) => map.get(key).map(Data::Plain),
            Fields::Built(object) => {
                let (_, data) = object.pairs.iter().find(|(name, _)| *name == key)?;
                Some(data.clone())
            }
        }
    }

    /// Key and value pairs in the order they came.
    pub(crate) fn pairs(self) -> Vec<(&'a str, Data<'a>)> {
        match self {
            Fields::Plain(map) => map
                .iter()
                .map(|(key, value)| (key.as_str(), Data::Plain(value)))
                .collect(),
            Fields::Built(object) => object.pairs.clone(),
        }
    }

    /// Key and value pairs by ascending key.
    pub(crate) fn sorted(self) -> Vec<(&'a str, Data<'a>)> {
        let mut pairs = self.pairs();
        pairs.sort_unstable_by_key(|(key, _)| *key);
        pairs
    }
}
