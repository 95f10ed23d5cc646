//! Walks the tree of a query over a value.

use std::{cmp::Ordering, rc::Rc};

use super::{
    super::data::{Data, Items, Object, Shape},
    call,
    compare::{self, Key, Mixed},
    error::EvaluationError,
    node::{Comparison, Node, Slice},
};

type Answer<'a> = Result<Data<'a>, EvaluationError>;

pub(super) fn evaluate<'a>(node: &'a Node, data: &Data<'a>) -> Answer<'a> {
    match node {
        Node::Current => Ok(data.clone()),
        Node::Field(name) => Ok(field(data, name)),
        Node::Literal(value) => Ok(Data::Plain(value)),
        Node::Index(index) => Ok(at(data, *index).unwrap_or(Data::Null)),
        Node::Slice(slice) => sliced(data, *slice),
        Node::Path(nodes) | Node::Brackets(nodes) => nodes
            .iter()
            .try_fold(data.clone(), |data, node| evaluate(node, &data)),
        Node::Flatten(of) => Ok(flattened(&evaluate(of, data)?)),
        Node::Items { of, each } => match evaluate(of, data)?.shape() {
            Shape::List(items) => project(items.iter(), each),
            _ => Ok(Data::Null),
        },
        Node::Values { of, each } => match evaluate(of, data)?.shape() {
            Shape::Object(fields) => {
                project(fields.pairs().into_iter().map(|(_, value)| value), each)
            }
            _ => Ok(Data::Null),
        },
        Node::Filter {
            of,
            each,
            condition,
        } => match evaluate(of, data)?.shape() {
            Shape::List(items) => filter(items, each, condition),
            _ => Ok(Data::Null),
        },
        Node::Compare {
            comparison,
            left,
            right,
        } => compared(*comparison, evaluate(left, data)?, evaluate(right, data)?),
        Node::Or(nodes) => first_of(nodes, data, true),
        Node::And(nodes) => first_of(nodes, data, false),
        Node::Not(of) => Ok(Data::Bool(!compare::is_true(&evaluate(of, data)?))),
        Node::List(_) | Node::Hash(_) if data.is_null() => Ok(Data::Null),
        Node::List(nodes) => {
            let items = nodes
                .iter()
                .map(|node| evaluate(node, data))
                .collect::<Result<_, _>>()?;
            Ok(Data::list(items))
        }
        Node::Hash(pairs) => hash(pairs, data),
        Node::Call {
            name,
            function,
            arguments,
        } => call::call(name, *function, arguments, data),
    }
}

/// The first answer that is as `wanted`, else the last one.
fn first_of<'a>(nodes: &'a [Node], data: &Data<'a>, wanted: bool) -> Answer<'a> {
    let mut answer = Data::Null;
    for node in nodes {
        answer = evaluate(node, data)?;
        if compare::is_true(&answer) == wanted {
            break;
        }
    }
    Ok(answer)
}

fn field<'a>(data: &Data<'a>, name: &str) -> Data<'a> {
    match data.shape() {
        Shape::Object(fields) => fields.get(name).unwrap_or(Data::Null),
        _ => Data::Null,
    }
}

fn at<'a>(data: &Data<'a>, index: i64) -> Option<Data<'a>> {
    let Shape::List(items) = data.shape() else {
        return None;
    };
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    let index = if index < 0 {
        items.len().checked_sub(distance)?
    } else {
        distance
    };
    items.get(index)
}

fn sliced<'a>(data: &Data<'a>, slice: Slice) -> Answer<'a> {
    let Shape::List(items) = data.shape() else {
        return Ok(Data::Null);
    };
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let step = slice.step.unwrap_or(1);
    if step == 0 {
        return Err(EvaluationError::ZeroStep);
    }
    let (lowest, highest) = if step < 0 { (-1, len - 1) } else { (0, len) };
    let bound = |position: i64| {
        let position = if position < 0 {
            position + len
        } else {
            position
        };
        position.clamp(lowest, highest)
    };
    let (first, last) = if step < 0 {
        (highest, lowest)
    } else {
        (lowest, highest)
    };
    let mut index = slice.start.map_or(first, bound);
    let end = slice.end.map_or(last, bound);
    let mut chosen = Vec::new();
    while (step > 0 && index < end) || (step < 0 && index > end) {
        chosen.extend(
            usize::try_from(index)
                .ok()
                .and_then(|index| items.get(index)),
        );
        index = index.saturating_add(step);
    }
    Ok(Data::list(chosen))
}

fn flattened<'a>(data: &Data<'a>) -> Data<'a> {
    let Shape::List(items) = data.shape() else {
        return Data::Null;
    };
    let mut flat = Vec::with_capacity(items.len());
    for item in items.iter() {
        match item.shape() {
            Shape::List(inner) => flat.extend(inner.iter()),
            _ => flat.push(item),
        }
    }
    Data::list(flat)
}

/// What `each` makes of every item; nulls are left out.
fn project<'a>(items: impl Iterator<Item = Data<'a>>, each: &'a Node) -> Answer<'a> {
    let mut answers = Vec::with_capacity(items.size_hint().0);
    for item in items {
        let answer = evaluate(each, &item)?;
        if !answer.is_null() {
            answers.push(answer);
        }
    }
    Ok(Data::list(answers))
}

fn filter<'a>(items: Items<'_, 'a>, each: &'a Node, condition: &'a Node) -> Answer<'a> {
    let mut answers = Vec::new();
    for item in items.iter() {
        if compare::is_true(&evaluate(condition, &item)?) {
            let answer = evaluate(each, &item)?;
            if !answer.is_null() {
                answers.push(answer);
            }
        }
    }
    Ok(Data::list(answers))
}

fn compared<'a>(comparison: Comparison, left: Data<'a>, right: Data<'a>) -> Answer<'a> {
    let (operator, is_wanted): (_, fn(Ordering) -> bool) = match comparison {
        Comparison::Equal => return Ok(Data::Bool(compare::is_equal(&left, &right))),
        Comparison::NotEqual => return Ok(Data::Bool(!compare::is_equal(&left, &right))),
        Comparison::Less => ("<", Ordering::is_lt),
        Comparison::LessOrEqual => ("<=", Ordering::is_le),
        Comparison::Greater => (">", Ordering::is_gt),
        Comparison::GreaterOrEqual => (">=", Ordering::is_ge),
    };
    match (Key::new(left), Key::new(right)) {
        (Some(left), Some(right)) => match left.order(&right) {
            Ok(order) => Ok(Data::Bool(is_wanted(order))),
            Err(Mixed) => Err(EvaluationError::MixedOrder { operator }),
        },
        _ => Ok(Data::Null),
    }
}

fn hash<'a>(pairs: &'a [(String, Node)], data: &Data<'a>) -> Answer<'a> {
    let mut object = Object {
        pairs: Vec::with_capacity(pairs.len()),
        is_ordered: true,
    };
    for (key, node) in pairs {
        object.insert(key, evaluate(node, data)?);
    }
    Ok(Data::Object(Rc::new(object)))
}
