//! Lists of the directory, narrowed by `$filter`.

use axum::{
    http::{StatusCode, Uri},
    response::Response,
};
use serde_json::{Value, json};

use crate::{
    domain::Error,
    http::{
        answer, extract,
        filter::{self, Term},
    },
};

/// Answers those of the objects that the filter of a request wants.
pub(super) fn list(objects: Vec<Value>, uri: &Uri) -> Result<Response, Error> {
    let query = extract::pairs(uri.query().unwrap_or_default().as_bytes());
    let given = query
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("$filter"));
    let terms = filter::parse(given.map_or("", |(_, filter)| filter))?;
    let wanted: Vec<Value> = objects
        .into_iter()
        .filter(|object| terms.iter().all(|term| matches(object, term)))
        .collect();
    Ok(answer::json(StatusCode::OK, &json!({"value": wanted})))
}

fn matches(object: &Value, term: &Term) -> bool {
    let lower = |text: &str| text.to_ascii_lowercase();
    match term {
        Term::Equal(member, wanted) => match &object[member.as_str()] {
            Value::String(text) => text.eq_ignore_ascii_case(wanted),
            Value::Array(list) => list.iter().any(|item| {
                item.as_str()
                    .is_some_and(|text| text.eq_ignore_ascii_case(wanted))
            }),
            _ => false,
        },
        Term::Starts(member, wanted) => object[member.as_str()]
            .as_str()
            .is_some_and(|text| lower(text).starts_with(&lower(wanted))),
        Term::Contains(..) | Term::Call(..) => false,
    }
}
