//! `Microsoft.Authorization/roleAssignments`, at any scope.

use acr_api::arm::RoleAssignment;
use serde_json::{Value, json};

use super::{
    call::{Call, no_content, ok, written},
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::{
    domain::{Error, role},
    http::filter::Term,
};

pub(super) const TYPE: ResourceType = ResourceType {
    name: "Microsoft.Authorization/roleAssignments",
    verbs: &[
        Verb::collection("GET", Need::Action("read"), |call| Box::pin(list(call))),
        Verb::item("GET", Need::Action("read"), |call| Box::pin(get(call))),
        Verb::item("PUT", Need::Action("write"), |call| Box::pin(put(call))),
        Verb::item("DELETE", Need::Action("delete"), |call| {
            Box::pin(delete(call))
        }),
    ],
};

async fn list(call: Call) -> Answer {
    let terms = call.filter()?;
    let has = |word: &str| {
        terms
            .iter()
            .any(|term| matches!(term, Term::Call(name, _) if name.eq_ignore_ascii_case(word)))
    };
    let mut found = above(&call).await?;
    if !has("atScope") {
        let known: Vec<_> = found.iter().filter_map(|held| held.id.clone()).collect();
        let below = role::list_below(&call.app, &call.route.scope).await?;
        found.extend(
            below
                .into_iter()
                .filter(|held| held.id.as_ref().is_none_or(|id| !known.contains(id))),
        );
    }
    found.retain(|held| terms.iter().all(|term| matches(held, term)));
    let value: Vec<Value> = found.iter().map(|held| json!(held)).collect();
    Ok(ok(&json!({"value": value})))
}

async fn get(call: Call) -> Answer {
    Ok(ok(&role::get(
        &call.app,
        &call.route.scope,
        call.route.name(),
    )
    .await?))
}

async fn put(call: Call) -> Answer {
    let input = call.json()?;
    let (scope, name) = (&call.route.scope, call.route.name());
    let done = role::put(&call.app, &call.caller, scope, name, input).await?;
    Ok(written(done.is_new, &done.assignment))
}

async fn delete(call: Call) -> Answer {
    match role::delete(&call.app, &call.route.scope, call.route.name()).await? {
        Some(was) => Ok(ok(&was)),
        None => Ok(no_content()),
    }
}

/// The assignments at the scope and at the scopes that hold it.
async fn above(call: &Call) -> Result<Vec<RoleAssignment>, Error> {
    let mut found = role::list_at(&call.app, "/").await?;
    let scope = &call.route.scope;
    let ends = scope
        .match_indices('/')
        .map(|(index, _)| index)
        .chain([scope.len()]);
    for part in ends.map(|end| &scope[..end]).filter(|part| is_scope(part)) {
        found.extend(role::list_at(&call.app, part).await?);
    }
    Ok(found)
}

/// Scopes end after the subscription, the group, and every pair of type and name.
fn is_scope(part: &str) -> bool {
    let depth = part.matches('/').count();
    matches!(depth, 2 | 4) || (depth >= 8 && depth.is_multiple_of(2))
}

fn matches(held: &RoleAssignment, term: &Term) -> bool {
    let is_principal = |id: &str| {
        held.properties
            .principal_id
            .as_deref()
            .is_some_and(|held| held.eq_ignore_ascii_case(id))
    };
    match term {
        Term::Equal(member, id) if member.eq_ignore_ascii_case("principalId") => is_principal(id),
        Term::Equal(member, id) if member.eq_ignore_ascii_case("roleDefinitionId") => held
            .properties
            .role_definition_id
            .as_deref()
            .is_some_and(|held| held.rsplit('/').next() == id.rsplit('/').next()),
        Term::Call(_, Some(id)) => is_principal(id),
        Term::Call(_, None) => true,
        Term::Equal(..) | Term::Contains(..) | Term::Starts(..) => false,
    }
}
