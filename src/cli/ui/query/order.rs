//! Functions that put items in order.

use std::cmp::Ordering;

use super::{super::data::Data, call::Call, compare::Key, error::EvaluationError};

type Answer<'a> = Result<Data<'a>, EvaluationError>;

/// The first item whose key lies furthest in direction `wanted`.
pub(super) fn extreme<'a>(
    call: &Call<'a>,
    wanted: Ordering,
    key_of: impl Fn(&Data<'a>) -> Answer<'a>,
) -> Answer<'a> {
    let mut best: Option<(Data<'a>, Key<'a>)> = None;
    for item in call.items(0).iter() {
        let value = key_of(&item)?;
        let key = key(call, value)?;
        let is_better = match &best {
            None => true,
            Some((_, best)) => order(call, &key, best)? == wanted,
        };
        if is_better {
            best = Some((item, key));
        }
    }
    Ok(best.map_or(Data::Null, |(item, _)| item))
}

fn key<'a>(call: &Call<'a>, value: Data<'a>) -> Result<Key<'a>, EvaluationError> {
    Key::new(value.clone()).ok_or_else(|| call.unfit("keys that are numbers or strings", &value))
}

fn order(call: &Call<'_>, left: &Key<'_>, right: &Key<'_>) -> Result<Ordering, EvaluationError> {
    left.order(right).map_err(|_| EvaluationError::MixedOrder {
        operator: call.function.name,
    })
}

/// The items by ascending key; those with equal keys keep their order.
pub(super) fn sort<'a>(call: &Call<'a>, key_of: impl Fn(&Data<'a>) -> Answer<'a>) -> Answer<'a> {
    let mut keyed = Vec::with_capacity(call.items(0).len());
    for item in call.items(0).iter() {
        let value = key_of(&item)?;
        keyed.push((key(call, value)?, item));
    }
    if let Some((first, rest)) = keyed.split_first() {
        for (other, _) in rest {
            order(call, &first.0, other)?;
        }
    }
    keyed.sort_by(|(left, _), (right, _)| left.order(right).unwrap_or(Ordering::Equal));
    Ok(Data::list(
        keyed.into_iter().map(|(_, item)| item).collect(),
    ))
}

pub(super) fn sort_by<'a>(call: &Call<'a>) -> Answer<'a> {
    if call.items(0).is_empty() {
        return Ok(call.values[0].clone());
    }
    sort(call, |item| call.apply(item))
}
