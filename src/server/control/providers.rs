//! The providers of this server: always registered, and what they can do.

use serde_json::{Value, json};

use super::{
    TYPES,
    call::{Call, ok},
    verb::{Answer, At, Need, ResourceType, Verb},
};
use crate::domain::Error;

pub(super) const TYPE: ResourceType = ResourceType {
    name: "Microsoft.Resources/subscriptions/providers",
    verbs: &[
        Verb::item("GET", Need::Visible, |call| Box::pin(get(call))),
        Verb::action("register", "POST", Need::Visible, |call| {
            Box::pin(get(call))
        }),
    ],
};

pub(super) const OPERATIONS: ResourceType = ResourceType {
    name: "Microsoft.ContainerRegistry/operations",
    verbs: &[Verb::collection("GET", Need::Token, |call| {
        Box::pin(operations(call))
    })],
};

pub(super) async fn list(call: Call) -> Answer {
    let mut names: Vec<&str> = TYPES.iter().map(|known| namespace(known.name)).collect();
    names.sort_unstable();
    names.dedup();
    let value: Vec<Value> = names.iter().map(|name| body(&call, name)).collect();
    Ok(ok(&json!({"value": value})))
}

async fn get(call: Call) -> Answer {
    let name = call.route.named("providers").unwrap_or_default();
    let known = TYPES.iter().map(|known| namespace(known.name));
    match known
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(&name))
    {
        Some(known) => Ok(ok(&body(&call, known))),
        None => Err(Error::not_found(
            "InvalidResourceNamespace",
            format!("The resource namespace '{name}' is invalid."),
        )),
    }
}

async fn operations(_call: Call) -> Answer {
    let mut value = Vec::new();
    let own = TYPES
        .iter()
        .filter(|known| namespace(known.name) == "Microsoft.ContainerRegistry");
    for known in own {
        for verb in known.verbs {
            let Need::Action(action) = verb.need else {
                continue;
            };
            let name = format!("{}/{action}", known.name);
            if !value
                .iter()
                .any(|seen: &Value| seen["name"] == name.as_str())
            {
                value.push(json!({
                    "name": name,
                    "isDataAction": false,
                    "display": {
                        "provider": "Microsoft Container Registry",
                        "resource": known.name,
                        "operation": action,
                        "description": format!("{action} of {}", known.name),
                    },
                    "origin": "user,system",
                }));
            }
        }
    }
    Ok(ok(&json!({"value": value})))
}

fn body(call: &Call, name: &str) -> Value {
    let region = &call.app.settings().region;
    let kinds = TYPES.iter().filter(|known| namespace(known.name) == name);
    let types: Vec<Value> = kinds
        .map(|known| {
            let is_located = known
                .verbs
                .iter()
                .any(|verb| verb.at == At::Item && verb.method == "PUT");
            json!({
                "resourceType": known.name.split_once('/').map_or("", |(_, kind)| kind),
                "locations": if is_located { vec![region.as_str()] } else { Vec::new() },
                "apiVersions": [acr_api::arm::REGISTRY_API_VERSION],
            })
        })
        .collect();
    json!({
        "id": format!("/subscriptions/{}/providers/{name}", call.app.tenancy().subscription_id),
        "namespace": name,
        "registrationPolicy": "RegistrationRequired",
        "registrationState": "Registered",
        "resourceTypes": types,
    })
}

fn namespace(kind: &str) -> &str {
    kind.split('/').next().unwrap_or_default()
}
