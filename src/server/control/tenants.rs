//! `/tenants`

use serde_json::json;

use super::{
    call::{Call, ok},
    verb::{Answer, Need, ResourceType, Verb},
};

pub(super) const TYPE: ResourceType = ResourceType {
    name: "Microsoft.Resources/tenants",
    verbs: &[Verb::collection("GET", Need::Token, |call| {
        Box::pin(list(call))
    })],
};

async fn list(call: Call) -> Answer {
    let tenant = &call.app.tenancy().tenant_id;
    Ok(ok(&json!({"value": [{
        "id": format!("/tenants/{tenant}"),
        "tenantId": tenant,
        "tenantCategory": "Home",
        "displayName": "local",
        "defaultDomain": "local",
        "domains": ["local"],
        "tenantType": "AAD",
    }]})))
}
