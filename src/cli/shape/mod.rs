//! How az shows the service's JSON: members renamed and lifted, what is not sent shown as `null`.
//!
//! The service nests most members under `properties`; az lifts them to the top, names some of them
//! otherwise, writes every time the same way, fills absent members with `null` and adds
//! `resourceGroup` wherever there is an id. A member that no table here knows is shown as it was
//! sent: a newer service loses nothing.

mod access;
mod registry;
mod time;

use acr_api::arm::ResourceId;
use serde_json::{Map, Value};

pub(crate) use access::{scope_map, token, token_credentials};
pub(crate) use registry::{
    credentials, encryption, identity, login_policy, name_status, registry, retention_policy,
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
    /// A member that az does not show.
    Hidden,
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

/// Shows an object by its table; what is no object stays as it is. Takes the value apart instead of
/// copying it, because a list may hold ten thousand.
fn show(value: Value, members: &'static [Member]) -> Value {
    let Value::Object(sent) = value else {
        return value;
    };
    let mut shown = Map::with_capacity(members.len() + sent.len());
    show_into(sent, members, &mut shown);
    add_resource_group(&mut shown);
    Value::Object(shown)
}

fn show_into(
    mut sent: Map<String, Value>,
    members: &'static [Member],
    shown: &mut Map<String, Value>,
) {
    for member in members {
        let value = sent.swap_remove(member.wire).unwrap_or_default();
        match (member.kind, value) {
            (Kind::Lifted(inner), Value::Object(lifted)) => show_into(lifted, inner, shown),
            (Kind::Lifted(inner), _) => show_into(Map::new(), inner, shown),
            (Kind::Hidden, _) => {}
            (kind, value) => {
                shown.insert(member.shown.to_owned(), show_member(value, kind));
            }
        }
    }
    for (name, value) in sent {
        shown.entry(name).or_insert(value);
    }
}

fn show_member(value: Value, kind: Kind) -> Value {
    match (kind, value) {
        (Kind::Time, Value::String(text)) => Value::String(time::iso(&text)),
        (Kind::Object(members), value) => show(value, members),
        (Kind::List(members), Value::Array(items)) => {
            items.into_iter().map(|item| show(item, members)).collect()
        }
        (Kind::Map(members), Value::Object(items)) => items
            .into_iter()
            .map(|(name, item)| (name, show(item, members)))
            .collect::<Map<_, _>>()
            .into(),
        (_, value) => value,
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
