//! The resources of a subscription or a group, whatever their type.
use acr_api::arm::{Registry, SystemData};
use serde_json::Value;

use super::{call::Call, verb::Answer};
use crate::{
    domain::{
        Error,
        registry::{self, Registries},
        resource::{self, Listing},
        user_assigned_identity::{self, UserAssignedIdentities},
    },
    http::filter::Term,
};

/// The types that are listed, in order.
const LISTED: [&str; 2] = [registry::TYPE, user_assigned_identity::TYPE];

/// Answers a page. The key of the next one is the number of a type and the last key of that type.
pub(super) async fn list(call: Call) -> Answer {
    let terms = call.filter()?;
    let scope = call.route.item();
    let after = call.after()?.unwrap_or_default();
    let (first, mut key) = match after.split_at_checked(1) {
        Some((digit, key)) => (digit.parse().unwrap_or(0), Some(key)),
        None => (0, None),
    };
    let mut items = Vec::new();
    for (number, kind) in LISTED.iter().enumerate().skip(first) {
        let from = key.take();
        if !is_wanted(kind, &terms) {
            continue;
        }
        let listing = read(&call, kind, &scope, from).await?;
        let action = format!("{kind}/read");
        let seen = listing.items.into_iter().filter(|item| {
            let id = item["id"].as_str().unwrap_or_default();
            matches(item, &terms) && call.access.allows(&action, id)
        });
        items.extend(seen.map(summary));
        if let Some(key) = listing.next {
            return Ok(call.page_of(items, Some(&format!("{number}{key}"))));
        }
    }
    Ok(call.page_of(items, None))
}

async fn read(call: &Call, kind: &str, scope: &str, after: Option<&str>) -> Result<Listing, Error> {
    if kind == registry::TYPE {
        resource::list::<Registries>(&call.app, scope, after).await
    } else {
        resource::list::<UserAssignedIdentities>(&call.app, scope, after).await
    }
}

fn is_wanted(kind: &str, terms: &[Term]) -> bool {
    terms.iter().all(|term| match term {
        Term::Equal(member, value) if member.eq_ignore_ascii_case("resourceType") => {
            value.eq_ignore_ascii_case(kind)
        }
        _ => true,
    })
}

fn matches(item: &Value, terms: &[Term]) -> bool {
    let text = |member: &str| match member.to_ascii_lowercase().as_str() {
        "resourcetype" => item["type"].as_str(),
        "name" => item["name"].as_str(),
        "location" => item["location"].as_str(),
        "resourcegroup" => item["id"].as_str().and_then(|id| id.split('/').nth(4)),
        _ => None,
    };
    let tag = |name: &str| {
        let tags = item["tags"].as_object()?;
        let mut tags = tags.iter();
        tags.find(|(known, _)| known.eq_ignore_ascii_case(name))?
            .1
            .as_str()
    };
    let mut tag_name = None;
    terms.iter().all(|term| match term {
        Term::Equal(member, value) if member.eq_ignore_ascii_case("tagName") => {
            tag_name = Some(value.as_str());
            tag(value).is_some()
        }
        Term::Equal(member, value) if member.eq_ignore_ascii_case("tagValue") => {
            tag_name.and_then(tag) == Some(value)
        }
        Term::Equal(member, value) => {
            text(member).is_some_and(|text| text.eq_ignore_ascii_case(value))
        }
        Term::Contains(member, part) => text(member).is_some_and(|text| {
            text.to_ascii_lowercase()
                .contains(&part.to_ascii_lowercase())
        }),
        Term::Starts(member, part) => text(member).is_some_and(|text| {
            text.to_ascii_lowercase()
                .starts_with(&part.to_ascii_lowercase())
        }),
        Term::Call(..) => false,
    })
}

/// What the generic list shows of a resource; its times end in `Z`, unlike the providers' own.
fn summary(item: Value) -> Value {
    let mut registry: Registry = serde_json::from_value(item).unwrap_or_default();
    registry.properties = None;
    let zulu = |time: &mut Option<String>| {
        if let Some(text) = time {
            *text = text.replace("+00:00", "Z");
        }
    };
    if let Some(SystemData {
        created_at,
        last_modified_at,
        ..
    }) = &mut registry.system_data
    {
        zulu(created_at);
        zulu(last_modified_at);
    }
    serde_json::to_value(registry).unwrap_or_default()
}
