//! The built-in functions.

use std::{cmp::Ordering, collections::HashMap, rc::Rc};

use super::{
    super::data::{Data, Items, Number, Object, Shape},
    call::{Call, Kind},
    compact::write_compact,
    compare,
    error::EvaluationError,
    number,
    order::{extreme, sort, sort_by},
};

type Answer<'a> = Result<Data<'a>, EvaluationError>;

#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) parameters: &'static [Kind],
    pub(super) is_variadic: bool,
    pub(super) run: for<'a> fn(&Call<'a>) -> Answer<'a>,
}

impl Function {
    pub(super) fn named(name: &str) -> Option<&'static Function> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// What further arguments of a variadic function have to be.
    pub(super) fn rest(&self) -> Kind {
        self.parameters.last().copied().unwrap_or(Kind::Any)
    }
}

const fn fixed(
    name: &'static str,
    parameters: &'static [Kind],
    run: for<'a> fn(&Call<'a>) -> Answer<'a>,
) -> Function {
    Function {
        name,
        parameters,
        is_variadic: false,
        run,
    }
}

const fn variadic(
    name: &'static str,
    parameters: &'static [Kind],
    run: for<'a> fn(&Call<'a>) -> Answer<'a>,
) -> Function {
    Function {
        name,
        parameters,
        is_variadic: true,
        run,
    }
}

static FUNCTIONS: &[Function] = &[
    fixed("abs", &[Kind::Number], |call| {
        Ok(Data::Number(number::abs(call.number(0))))
    }),
    fixed("avg", &[Kind::Numbers], avg),
    fixed("ceil", &[Kind::Number], |call| {
        Ok(Data::Number(number::whole(call.number(0), f64::ceil)))
    }),
    fixed("contains", &[Kind::ArrayOrText, Kind::Any], contains),
    fixed("ends_with", &[Kind::Text, Kind::Text], |call| {
        Ok(Data::Bool(call.text(0).ends_with(call.text(1))))
    }),
    fixed("floor", &[Kind::Number], |call| {
        Ok(Data::Number(number::whole(call.number(0), f64::floor)))
    }),
    fixed("join", &[Kind::Text, Kind::Texts], join),
    fixed("keys", &[Kind::Object], |call| {
        Ok(Data::list(
            pairs(call, 0)
                .into_iter()
                .map(|(key, _)| Data::Word(key))
                .collect(),
        ))
    }),
    fixed("length", &[Kind::ArrayTextOrObject], length),
    fixed("map", &[Kind::Expression, Kind::Array], |call| {
        let items = call
            .items(1)
            .iter()
            .map(|item| call.apply(&item))
            .collect::<Result<_, _>>()?;
        Ok(Data::list(items))
    }),
    fixed("max", &[Kind::NumbersOrTexts], |call| {
        extreme(call, Ordering::Greater, |item| Ok(item.clone()))
    }),
    fixed("max_by", &[Kind::Array, Kind::Expression], |call| {
        extreme(call, Ordering::Greater, |item| call.apply(item))
    }),
    variadic("merge", &[Kind::Object], merge),
    fixed("min", &[Kind::NumbersOrTexts], |call| {
        extreme(call, Ordering::Less, |item| Ok(item.clone()))
    }),
    fixed("min_by", &[Kind::Array, Kind::Expression], |call| {
        extreme(call, Ordering::Less, |item| call.apply(item))
    }),
    variadic("not_null", &[Kind::Any], |call| {
        Ok(call
            .values
            .iter()
            .find(|value| !value.is_null())
            .cloned()
            .unwrap_or(Data::Null))
    }),
    fixed("reverse", &[Kind::ArrayOrText], reverse),
    fixed("sort", &[Kind::NumbersOrTexts], |call| {
        sort(call, |item| Ok(item.clone()))
    }),
    fixed("sort_by", &[Kind::Array, Kind::Expression], sort_by),
    fixed("starts_with", &[Kind::Text, Kind::Text], |call| {
        Ok(Data::Bool(call.text(0).starts_with(call.text(1))))
    }),
    fixed("sum", &[Kind::Numbers], |call| {
        Ok(Data::Number(total(call.items(0))))
    }),
    fixed("to_array", &[Kind::Any], to_array),
    fixed("to_number", &[Kind::Any], to_number),
    fixed("to_string", &[Kind::Any], to_string),
    fixed("type", &[Kind::Any], type_name),
    fixed("values", &[Kind::Object], |call| {
        Ok(Data::list(
            pairs(call, 0).into_iter().map(|(_, value)| value).collect(),
        ))
    }),
];

fn pairs<'a>(call: &Call<'a>, index: usize) -> Vec<(&'a str, Data<'a>)> {
    call.fields(index)
        .map_or_else(Vec::new, |fields| fields.pairs())
}

fn total(items: Items<'_, '_>) -> Number {
    items
        .iter()
        .fold(Number::Int(0), |sum, item| match item.shape() {
            Shape::Number(number) => number::add(sum, number),
            _ => sum,
        })
}

fn avg<'a>(call: &Call<'a>) -> Answer<'a> {
    let items = call.items(0);
    Ok(match items.len() {
        0 => Data::Null,
        len => Data::Number(Number::Float(total(items).as_f64() / len as f64)),
    })
}

fn contains<'a>(call: &Call<'a>) -> Answer<'a> {
    let wanted = &call.values[1];
    match (call.values[0].shape(), wanted.shape()) {
        (Shape::Text(text), Shape::Text(part)) => Ok(Data::Bool(text.contains(part))),
        (Shape::Text(_), _) => Err(call.unfit("a string to be found in a string", wanted)),
        _ => Ok(Data::Bool(
            call.items(0)
                .iter()
                .any(|item| compare::is_same(&item, wanted)),
        )),
    }
}

fn join<'a>(call: &Call<'a>) -> Answer<'a> {
    let mut joined = String::new();
    for (index, item) in call.items(1).iter().enumerate() {
        if index > 0 {
            joined.push_str(call.text(0));
        }
        if let Shape::Text(text) = item.shape() {
            joined.push_str(text);
        }
    }
    Ok(Data::text(joined))
}

fn length<'a>(call: &Call<'a>) -> Answer<'a> {
    let length = match call.values[0].shape() {
        Shape::Text(text) => text.chars().count(),
        Shape::List(items) => items.len(),
        Shape::Object(fields) => fields.len(),
        _ => 0,
    };
    Ok(Data::Number(Number::Int(length as i128)))
}

fn merge<'a>(call: &Call<'a>) -> Answer<'a> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut merged: Vec<(&'a str, Data<'a>)> = Vec::new();
    for index in 0..call.values.len() {
        for (key, value) in pairs(call, index) {
            match places.get(key) {
                Some(&place) => merged[place].1 = value,
                None => {
                    places.insert(key, merged.len());
                    merged.push((key, value));
                }
            }
        }
    }
    Ok(Data::Object(Rc::new(Object {
        pairs: merged,
        is_ordered: false,
    })))
}

fn reverse<'a>(call: &Call<'a>) -> Answer<'a> {
    Ok(match call.values[0].shape() {
        Shape::Text(text) => Data::text(text.chars().rev().collect::<String>()),
        _ => Data::list(call.items(0).iter().rev().collect()),
    })
}

fn to_array<'a>(call: &Call<'a>) -> Answer<'a> {
    let value = call.values[0].clone();
    Ok(match value.shape() {
        Shape::List(_) => value,
        _ => Data::list(vec![value]),
    })
}

fn to_number<'a>(call: &Call<'a>) -> Answer<'a> {
    Ok(match call.values[0].shape() {
        Shape::Number(number) => Data::Number(number),
        Shape::Text(text) => number::read(text).map_or(Data::Null, Data::Number),
        _ => Data::Null,
    })
}

fn to_string<'a>(call: &Call<'a>) -> Answer<'a> {
    let value = &call.values[0];
    if let Shape::Text(_) = value.shape() {
        return Ok(value.clone());
    }
    let mut text = String::new();
    write_compact(&mut text, value);
    Ok(Data::text(text))
}

fn type_name<'a>(call: &Call<'a>) -> Answer<'a> {
    Ok(Data::Word(match call.values[0].shape() {
        Shape::Null => "null",
        Shape::Bool(_) => "boolean",
        Shape::Number(_) => "number",
        Shape::Text(_) => "string",
        Shape::List(_) => "array",
        Shape::Object(_) => "object",
    }))
}
