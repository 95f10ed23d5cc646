//! Managed identities and diagnostic settings.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::testing::Server;

async fn user_assigned(server: &Server, name: &str) -> Value {
    let id = format!(
        "{}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}",
        server.group()
    );
    let answer = server
        .arm("PUT", &id, Some(json!({"location": "East US"})))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(server.arm("GET", &id, None).await.json(), answer.json());
    answer.json()
}

#[tokio::test]
async fn registries_get_and_lose_identities() {
    let server = Server::start().await;
    let made = user_assigned(&server, "one").await;
    let id = made["id"].as_str().unwrap();
    let spelt = id.replace("/resourceGroups/", "/resourcegroups/");
    server.create("identified", "Basic", json!({})).await;
    let registry = server.registry("identified");
    let patch = async |identity: Value| {
        let answer = server
            .arm("PATCH", &registry, Some(json!({"identity": identity})))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()["identity"].clone()
    };
    let system = patch(json!({"type": "SystemAssigned"})).await;
    assert_eq!(system["tenantId"], server.administrator.tenant_id);
    let both =
        patch(json!({"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {id: {}}}))
            .await;
    let held = json!({"principalId": made["properties"]["principalId"], "clientId": made["properties"]["clientId"]});
    assert_eq!(
        both,
        json!({
            "principalId": system["principalId"], "tenantId": system["tenantId"],
            "type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {spelt.as_str(): held},
        })
    );
    let user = patch(json!({"type": "UserAssigned"})).await;
    assert_eq!(
        user,
        json!({"type": "UserAssigned", "userAssignedIdentities": {spelt.as_str(): held}})
    );
    let emptied =
        json!({"identity": {"type": "UserAssigned", "userAssignedIdentities": {id: null}}});
    assert_eq!(
        server.arm("PATCH", &registry, Some(emptied)).await.status,
        StatusCode::BAD_REQUEST
    );
    // As `az acr identity remove` does: the whole model by PUT, without an identity.
    let mut whole = server.arm("GET", &registry, None).await.json();
    whole["identity"] = json!({"type": "None"});
    let bare = server.arm("PUT", &registry, Some(whole)).await;
    assert_eq!(bare.status, StatusCode::OK, "{}", bare.text);
    assert!(bare.json().get("identity").is_none());
    assert_eq!(server.app.meta().count("principal", "").await.unwrap(), 2);
}

#[tokio::test]
async fn an_unknown_identity_is_refused() {
    let server = Server::start().await;
    server.create("unidentified", "Basic", json!({})).await;
    let id = format!(
        "{}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/none",
        server.group()
    );
    for id in [id.as_str(), "nonsense"] {
        let patch =
            json!({"identity": {"type": "UserAssigned", "userAssignedIdentities": {id: {}}}});
        let answer = server
            .arm("PATCH", &server.registry("unidentified"), Some(patch))
            .await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, "FailedIdentityOperation")
        );
    }
}

#[tokio::test]
async fn diagnostic_settings_are_kept_while_the_registry_is() {
    let server = Server::start().await;
    server.create("diagnosed", "Basic", json!({})).await;
    let registry = server.registry("diagnosed");
    let path = format!("{registry}/providers/microsoft.insights/diagnosticSettings/logs");
    let properties = json!({"workspaceId": "/w", "logs": [{"category": "ContainerRegistryLoginEvents", "enabled": true}]});
    let made = server
        .arm("PUT", &path, Some(json!({"properties": properties})))
        .await;
    assert_eq!(
        (made.status, made.json()["properties"].clone()),
        (StatusCode::OK, properties)
    );
    assert_eq!(server.arm("GET", &path, None).await.json(), made.json());
    server.arm("DELETE", &registry, None).await;
    assert_eq!(
        server.arm("GET", &path, None).await.status,
        StatusCode::NOT_FOUND
    );
    let homeless = server
        .arm("PUT", &path, Some(json!({"properties": {}})))
        .await;
    assert_eq!(homeless.status, StatusCode::NOT_FOUND);
}
