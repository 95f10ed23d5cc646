//! `Microsoft.Resources/subscriptions`: there is one.

use serde_json::{Value, json};

use super::{
    call::{Call, ok},
    providers, resources,
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::app::App;

pub(super) const TYPE: ResourceType = ResourceType {
    name: "Microsoft.Resources/subscriptions",
    verbs: &[
        Verb::collection("GET", Need::Token, |call| Box::pin(list(call))),
        Verb::item("GET", Need::Visible, |call| Box::pin(get(call))),
        Verb::action("locations", "GET", Need::Visible, |call| {
            Box::pin(locations(call))
        }),
        Verb::action("resources", "GET", Need::Visible, |call| {
            Box::pin(resources::list(call))
        }),
        Verb::action("providers", "GET", Need::Visible, |call| {
            Box::pin(providers::list(call))
        }),
    ],
};

async fn list(call: Call) -> Answer {
    let body = body(&call.app);
    let is_seen = body["id"]
        .as_str()
        .is_some_and(|id| call.access.touches(id));
    let value = if is_seen { vec![body] } else { Vec::new() };
    Ok(ok(&json!({
        "value": value,
        "count": {"type": "Total", "value": value.len()},
    })))
}

async fn get(call: Call) -> Answer {
    Ok(ok(&body(&call.app)))
}

async fn locations(call: Call) -> Answer {
    let region = &call.app.settings().region;
    Ok(ok(&json!({"value": [{
        "id": format!("/subscriptions/{}/locations/{region}", call.app.tenancy().subscription_id),
        "name": region,
        "type": "Region",
        "displayName": region,
        "regionalDisplayName": region,
        "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
    }]})))
}

fn body(app: &App) -> Value {
    let tenancy = app.tenancy();
    json!({
        "id": format!("/subscriptions/{}", tenancy.subscription_id),
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": tenancy.subscription_id,
        "tenantId": tenancy.tenant_id,
        "displayName": "local",
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    })
}
