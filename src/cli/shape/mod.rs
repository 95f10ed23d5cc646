//! How az shows the service's JSON: members renamed and lifted, what is not sent shown as `null`.
//!
//! The service nests most members under `properties`; az lifts them to the top, names some of them
//! otherwise, writes every time the same way, fills absent members with `null` and adds
//! `resourceGroup` wherever there is an id. A member that no table here knows is shown as it was
//! sent: a newer service loses nothing.

mod registry;
mod time;

use acr_api::arm::ResourceId;
use serde_json::{Map, Value};

pub(crate) use registry::{
    credentials, identity, login_policy, name_status, registry, retention_policy,
    soft_delete_policy, trust_policy, usages,
};

/// One member: its name on the wire, the name az shows, and what it holds.
#[derive(Debug)]
struct Member {
    wire: &'static str,
    shown: &'static str,
    kind: Kind,
}

/// What a member holds.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Anything, shown as sent.
    Plain,
    /// A moment.
    Time,
    /// An object of known members.
    Object(&'static [Member]),
    /// A list of such objects.
    List(&'static [Member]),
    /// A map of names to such objects.
    Map(&'static [Member]),
    /// An object whose members are shown as if they stood one level higher.
    Lifted(&'static [Member]),
}

const fn plain(name: &'static str) -> Member {
    renamed(name, name)
}

const fn renamed(wire: &'static str, shown: &'static str) -> Member {
    Member {
        wire,
        shown,
        kind: Kind::Plain,
    }
}

const fn of(name: &'static str, kind: Kind) -> Member {
    Member {
        wire: name,
        shown: name,
        kind,
    }
}

/// Shows an object by its table, `null` as `null`.
fn show(value: &Value, members: &'static [Member]) -> Value {
    let Value::Object(sent) = value else {
        return value.clone();
    };
    let mut shown = Map::new();
    show_into(sent, members, &mut shown);
    add_resource_group(&mut shown);
    Value::Object(shown)
}

fn show_into(sent: &Map<String, Value>, members: &'static [Member], shown: &mut Map<String, Value>) {
    for member in members {
        let value = sent.get(member.wire).unwrap_or(&Value::Null);
        if let Kind::Lifted(inner) = member.kind {
            let empty = Map::new();
            show_into(value.as_object().unwrap_or(&empty), inner, shown);
        } else {
            shown.insert(member.shown.to_owned(), show_member(value, member.kind));
        }
    }
    for (name, value) in sent {
        if !members.iter().any(|member| member.wire == name) && !shown.contains_key(name) {
            shown.insert(name.clone(), value.clone());
        }
    }
}

fn show_member(value: &Value, kind: Kind) -> Value {
    match (kind, value) {
        (Kind::Time, Value::String(text)) => Value::String(time::iso(text)),
        (Kind::Object(members), _) => show(value, members),
        (Kind::List(members), Value::Array(items)) => {
            items.iter().map(|item| show(item, members)).collect()
        }
        (Kind::Map(members), Value::Object(items)) => items
            .iter()
            .map(|(name, item)| (name.clone(), show(item, members)))
            .collect::<Map<_, _>>()
            .into(),
        _ => value.clone(),
    }
}

/// Adds the name of the resource group to an object that has the id of a resource in one.
fn add_resource_group(shown: &mut Map<String, Value>) {
    let has_group = shown
        .keys()
        .any(|name| name.eq_ignore_ascii_case("resourceGroup"));
    let id = shown.get("id").and_then(Value::as_str);
    if let (false, Some(Ok(id))) = (has_group, id.map(str::parse::<ResourceId>)) {
        shown.insert("resourceGroup".to_owned(), id.resource_group.into());
    }
}
