//! The resources of a subscription or a group, whatever their type.

use acr_api::arm::{Identity, Sku, SystemData};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{call::Call, verb::Answer};
use crate::{
    domain::{
        registry,
        resource::{self, Asked, Listing},
        user_assigned_identity,
    },
    http::filter::Term,
};

/// The types that are listed, in order.
const LISTED: [&str; 2] = [registry::TYPE, user_assigned_identity::TYPE];

/// What the list shows of a resource of any type.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<Sku>,
    #[serde(rename = "type")]
    kind: String,
    id: String,
    name: String,
    location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<Identity>,
    tags: Map<String, Value>,
    system_data: SystemData,
}

/// Answers a page. The key of the next one is the number of a type and the last key of that type.
pub(super) async fn list(call: Call) -> Answer {
    let terms = call.filter()?;
    let scope = call.route.item();
    let after = call.after()?.unwrap_or_default();
    let (first, mut key) = match after.split_at_checked(1) {
        Some((digit, key)) => (digit.parse().unwrap_or(0), Some(key)),
        None => (0, None),
    };
    let mut page = Listing {
        items: Vec::new(),
        next: None,
    };
    for (number, kind) in LISTED.iter().enumerate().skip(first) {
        let after = key.take();
        if !is_wanted(kind, &terms) {
            continue;
        }
        let action = format!("{kind}/read");
        let asked = Asked {
            scope: &scope,
            after,
            sees: &|id| call.access.allows(&action, id),
        };
        let collection = resource::collection(kind);
        let listing = resource::list_stored::<Summary>(&call.app, &collection, asked).await?;
        let wanted = listing.items.into_iter();
        let wanted = wanted.filter(|summary| matches(summary, &terms));
        page.items.extend(wanted.map(Summary::in_zulu_time));
        if let Some(key) = listing.next {
            page.next = Some(format!("{number}{key}"));
            break;
        }
    }
    Ok(call.page(page))
}

impl Summary {
    /// The times of this list end in `Z`, unlike the providers' own.
    fn in_zulu_time(mut self) -> Self {
        let SystemData {
            created_at,
            last_modified_at,
            ..
        } = &mut self.system_data;
        for time in [created_at, last_modified_at].into_iter().flatten() {
            *time = time.replace("+00:00", "Z");
        }
        self
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

fn matches(summary: &Summary, terms: &[Term]) -> bool {
    let text = |member: &str| match member.to_ascii_lowercase().as_str() {
        "resourcetype" => Some(summary.kind.as_str()),
        "name" => Some(summary.name.as_str()),
        "location" => Some(summary.location.as_str()),
        "resourcegroup" => summary.id.split('/').nth(4),
        _ => None,
    };
    let tag = |name: &str| {
        let mut tags = summary.tags.iter();
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
