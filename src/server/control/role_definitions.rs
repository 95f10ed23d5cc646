//! `Microsoft.Authorization/roleDefinitions`: the built-in ones.

use serde_json::{Value, json};

use super::{
    call::{Call, ok},
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::{
    domain::{
        Error,
        role::{BUILT_IN, Definition, by_guid},
    },
    http::filter::Term,
};

pub(super) const TYPE: ResourceType = ResourceType {
    name: "Microsoft.Authorization/roleDefinitions",
    verbs: &[
        Verb::collection("GET", Need::Token, |call| Box::pin(list(call))),
        Verb::item("GET", Need::Token, |call| Box::pin(get(call))),
    ],
};

async fn list(call: Call) -> Answer {
    let terms = call.filter()?;
    let value: Vec<Value> = BUILT_IN
        .iter()
        .filter(|role| terms.iter().all(|term| matches(role, term)))
        .map(|role| body(&call, role))
        .collect();
    Ok(ok(&json!({"value": value})))
}

async fn get(call: Call) -> Answer {
    match by_guid(call.route.name()) {
        Some(role) => Ok(ok(&body(&call, role))),
        None => Err(Error::not_found(
            "RoleDefinitionDoesNotExist",
            format!(
                "The specified role definition with ID '{}' does not exist.",
                call.route.name()
            ),
        )),
    }
}

fn matches(role: &Definition, term: &Term) -> bool {
    match term {
        Term::Equal(member, value) if member.eq_ignore_ascii_case("roleName") => {
            role.name.eq_ignore_ascii_case(value)
        }
        Term::Equal(member, value) if member.eq_ignore_ascii_case("type") => {
            value.eq_ignore_ascii_case("BuiltInRole")
        }
        Term::Equal(..) | Term::Contains(..) | Term::Starts(..) => false,
        Term::Call(..) => true,
    }
}

fn body(call: &Call, role: &Definition) -> Value {
    let subscription = &call.app.tenancy().subscription_id;
    json!({
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "description": role.description,
            "assignableScopes": ["/"],
            "permissions": [{
                "actions": role.actions,
                "notActions": role.not_actions,
                "dataActions": role.data_actions,
                "notDataActions": [],
            }],
            "createdOn": "2018-10-29T18:03:46.0000000Z",
            "updatedOn": "2018-10-29T18:03:46.0000000Z",
            "createdBy": Value::Null,
            "updatedBy": Value::Null,
        },
        "id": crate::domain::role::definition_id(subscription, role.guid),
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": role.guid,
    })
}
