//! What several commands on registries do alike: find one, judge its tier, send it back changed.

use super::ctx::{Ctx, Located};
use super::error::CliError;
use acr_api::arm::ResourceId;
use serde_json::{Map, Value, json};

pub(crate) const NETWORK_RULES_NEED_PREMIUM: &str =
    "Network rules are only supported for managed registries in Premium SKU.";
pub(crate) const POLICIES_NEED_PREMIUM: &str =
    "Policies are only supported for managed registries in Premium SKU.";
pub(crate) const REGIONAL_ENDPOINTS_NEED_PREMIUM: &str =
    "Regional endpoints are only supported for managed registries in Premium SKU.";

/// The name by which commands mean the identity that comes and goes with the registry.
pub(crate) const SYSTEM_IDENTITY: &str = "[system]";

/// Members of a registry's properties that only the service writes.
const READ_ONLY_PROPERTIES: &[&str] = &[
    "loginServer",
    "creationDate",
    "provisioningState",
    "status",
    "dataEndpointHostNames",
    "regionalEndpointHostNames",
    "privateEndpointConnections",
];

/// The tier of a registry as the service sent it.
pub(crate) fn sku(registry: &Value) -> &str {
    registry["sku"]["name"].as_str().unwrap_or_default()
}

/// Refuses a registry that is not Premium.
pub(crate) fn require_premium(registry: &Value, message: &str) -> Result<(), CliError> {
    if sku(registry) == "Premium" {
        Ok(())
    } else {
        Err(CliError::failed(message))
    }
}

/// Refuses a registry whose admin user is off.
pub(crate) fn require_admin(registry: &Value, located: &Located) -> Result<(), CliError> {
    if registry["properties"]["adminUserEnabled"] == true {
        return Ok(());
    }
    Err(CliError::failed(format!(
        "Run 'acr update -n {} --admin-enabled true' to enable admin first.",
        located.name
    )))
}

/// A policy of a registry as the service sent it, `null` if it has none.
pub(crate) fn policy<'a>(registry: &'a Value, name: &str) -> &'a Value {
    &registry["properties"]["policies"][name]
}

/// Changes policies of a registry: `change` gets them as they are and alters what it wants. All of
/// them are sent, as az does. The answer is the registry as it is then.
pub(crate) async fn update_policies(
    ctx: &Ctx,
    located: &Located,
    registry: &Value,
    change: impl FnOnce(&mut Value),
) -> Result<Value, CliError> {
    let mut policies = writable_policies(&registry["properties"]["policies"]);
    change(&mut policies);
    let body = json!({ "properties": { "policies": policies } });
    let _progress = ctx.console.progress("Running ..");
    let registries = ctx.arm().await?.registries();
    Ok(registries
        .patch(&located.group, &located.name, &body)
        .await?)
}

/// A registry without what only the service writes, fit to be sent back.
pub(crate) fn writable(registry: &Value) -> Value {
    let mut body = Map::new();
    if let Some(name) = registry["sku"].get("name") {
        body.insert("sku".to_owned(), json!({ "name": name }));
    }
    for member in ["location", "tags"] {
        if let Some(value) = registry.get(member) {
            body.insert(member.to_owned(), value.clone());
        }
    }
    if registry["identity"].is_object() {
        body.insert(
            "identity".to_owned(),
            writable_identity(&registry["identity"]),
        );
    }
    if let Some(sent) = registry["properties"].as_object() {
        let mut properties = sent.clone();
        properties.retain(|name, _| !READ_ONLY_PROPERTIES.contains(&name.as_str()));
        if let Some(policies) = properties.get_mut("policies") {
            *policies = writable_policies(policies);
        }
        if let Some(Value::Object(encryption)) = properties.get_mut("encryption") {
            keep_writable_encryption(encryption);
        }
        body.insert("properties".to_owned(), properties.into());
    }
    Value::Object(body)
}

/// An identity without the ids that the service gave it.
fn writable_identity(identity: &Value) -> Value {
    let mut body = Map::new();
    body.insert("type".to_owned(), identity["type"].clone());
    if let Some(users) = identity["userAssignedIdentities"].as_object() {
        let users: Map<String, Value> = users.keys().map(|id| (id.clone(), json!({}))).collect();
        body.insert("userAssignedIdentities".to_owned(), users.into());
    }
    Value::Object(body)
}

fn keep_writable_encryption(encryption: &mut Map<String, Value>) {
    encryption.remove("dataKey");
    if let Some(Value::Object(vault)) = encryption.get_mut("keyVaultProperties") {
        vault.retain(|name, _| name == "keyIdentifier" || name == "identity");
    }
}

fn writable_policies(policies: &Value) -> Value {
    let mut policies = match policies {
        Value::Object(policies) => policies.clone(),
        _ => Map::new(),
    };
    for policy in policies.values_mut() {
        if let Value::Object(policy) = policy {
            policy.remove("lastUpdatedTime");
        }
    }
    Value::Object(policies)
}

/// The resource id of an identity that was given by its id, or by its name in the same group.
pub(crate) fn identity_id(subscription: &str, group: &str, given: &str) -> String {
    if given.parse::<ResourceId>().is_ok() {
        return given.to_owned();
    }
    format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{given}"
    )
}

#[cfg(test)]
mod tests {
    use super::{identity_id, writable};
    use serde_json::json;

    #[test]
    fn what_the_service_wrote_is_not_sent_back() {
        let registry = json!({
            "id": "/x", "name": "r", "type": "t", "location": "eastus", "tags": {"a": "b"},
            "systemData": {}, "sku": {"name": "Premium", "tier": "Premium"},
            "identity": {"type": "UserAssigned", "principalId": "p", "userAssignedIdentities": {"/id": {"clientId": "c"}}},
            "properties": {
                "loginServer": "r.x", "adminUserEnabled": true, "privateEndpointConnections": [],
                "policies": {"retentionPolicy": {"days": 7, "lastUpdatedTime": "now", "status": "disabled"}}
            }
        });
        assert_eq!(
            writable(&registry),
            json!({
                "sku": {"name": "Premium"}, "location": "eastus", "tags": {"a": "b"},
                "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/id": {}}},
                "properties": {
                    "adminUserEnabled": true,
                    "policies": {"retentionPolicy": {"days": 7, "status": "disabled"}}
                }
            })
        );
    }

    #[test]
    fn an_identity_may_be_named_by_id_or_by_name() {
        let id = identity_id("s", "g", "me");
        assert!(id.ends_with("/userAssignedIdentities/me"), "{id}");
        assert_eq!(identity_id("other", "other", &id), id);
    }
}
