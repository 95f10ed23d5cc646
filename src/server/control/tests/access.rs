//! Role assignments, and what they allow.

use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    domain::role::READER,
    testing::{Answer, Server},
};

const ACR_PULL: &str = "7f951dda-4ed3-4680-a7ca-43fe172d538d";

async fn assign(server: &Server, scope: &str, principal: &str, role: &str) -> (String, Answer) {
    let id = format!(
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{}",
        Uuid::new_v4()
    );
    let role = format!(
        "{}/providers/Microsoft.Authorization/roleDefinitions/{role}",
        server.subscription()
    );
    let body = json!({"properties": {"roleDefinitionId": role, "principalId": principal, "principalType": "ServicePrincipal"}});
    let answer = server.arm("PUT", &id, Some(body)).await;
    (id, answer)
}

fn names(list: &Value) -> Vec<&str> {
    list["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn roles_open_exactly_their_scope() {
    let server = Server::start().await;
    server.create("mine1", "Basic", json!({})).await;
    server.create("other1", "Basic", json!({})).await;
    let (principal, token) = server.stranger().await;
    let mine = server.registry("mine1");
    let registries = format!(
        "{}/providers/Microsoft.ContainerRegistry/registries",
        server.subscription()
    );

    let refused = server.arm_as(&token, "GET", &mine, None).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::FORBIDDEN, "AuthorizationFailed")
    );
    assert!(refused.text.contains(&format!("with object id '{principal}' does not have authorization to perform action 'Microsoft.ContainerRegistry/registries/read' over scope")), "{}", refused.text);
    assert_eq!(
        server.arm_as(&token, "GET", &registries, None).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        server
            .arm_as(&token, "GET", "/subscriptions", None)
            .await
            .json()["value"],
        json!([])
    );

    let (id, made) = assign(&server, &mine, &principal, READER).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(
        server.arm_as(&token, "GET", &mine, None).await.status,
        StatusCode::OK
    );
    assert_eq!(
        server
            .arm_as(&token, "PATCH", &mine, Some(json!({})))
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        server
            .arm_as(&token, "POST", &format!("{mine}/listCredentials"), None)
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        server
            .arm_as(&token, "GET", &server.registry("other1"), None)
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        names(&server.arm_as(&token, "GET", &registries, None).await.json()),
        ["mine1"]
    );
    let resources = format!("{}/resources", server.subscription());
    assert_eq!(
        names(&server.arm_as(&token, "GET", &resources, None).await.json()),
        ["mine1"]
    );
    assert_eq!(
        server
            .arm_as(&token, "GET", "/subscriptions", None)
            .await
            .json()["value"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    assert_eq!(server.arm("DELETE", &id, None).await.status, StatusCode::OK);
    assert_eq!(
        server.arm("DELETE", &id, None).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        server.arm_as(&token, "GET", &mine, None).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn assignments_go_with_their_registry() {
    let server = Server::start().await;
    server.create("goes1", "Basic", json!({})).await;
    let (principal, token) = server.stranger().await;
    let id = server.registry("goes1");
    assign(&server, &id, &principal, READER).await;
    server.arm("DELETE", &id, None).await;
    server.create("goes1", "Basic", json!({})).await;
    assert_eq!(
        server.arm_as(&token, "GET", &id, None).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn assignments_are_listed_by_scope_and_principal() {
    let server = Server::start().await;
    server.create("scoped1", "Basic", json!({})).await;
    let (principal, _) = server.stranger().await;
    assign(&server, &server.registry("scoped1"), &principal, ACR_PULL).await;
    assign(&server, &server.group(), &principal, READER).await;
    let path = "providers/Microsoft.Authorization/roleAssignments";
    for (scope, filter, count) in [
        (server.subscription(), "", 3),
        (server.subscription(), "atScope()", 1),
        (server.group(), "", 3),
        (server.group(), "atScope()", 2),
        (server.registry("scoped1"), "atScope()", 3),
        (
            server.subscription(),
            &format!("principalId eq '{principal}'"),
            2,
        ),
        (
            server.registry("scoped1"),
            &format!("atScope() and assignedTo('{principal}')"),
            2,
        ),
    ] {
        let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let list = server
            .arm("GET", &format!("{scope}/{path}?$filter={filter}"), None)
            .await
            .json();
        assert_eq!(
            list["value"].as_array().unwrap().len(),
            count,
            "{scope} {filter}"
        );
    }
}

#[tokio::test]
async fn an_assignment_is_made_once_and_keeps_its_nature() {
    let server = Server::start().await;
    let (principal, _) = server.stranger().await;
    let (id, made) = assign(&server, &server.group(), &principal, READER).await;
    let (_, twice) = assign(&server, &server.group(), &principal, READER).await;
    assert_eq!(
        (twice.status, twice.code().as_str()),
        (StatusCode::CONFLICT, "RoleAssignmentExists")
    );
    let mut body = made.json();
    body["properties"]["condition"] = json!("@Request[x] StringEquals 'y'");
    body["properties"]["conditionVersion"] = json!("2.0");
    let changed = server.arm("PUT", &id, Some(body.clone())).await;
    assert_eq!(
        (
            changed.status,
            changed.json()["properties"]["condition"].clone()
        ),
        (StatusCode::OK, body["properties"]["condition"].clone())
    );
    body["properties"]["principalId"] = json!(Uuid::new_v4().to_string());
    assert_eq!(
        server.arm("PUT", &id, Some(body)).await.code(),
        "RoleAssignmentUpdateNotPermitted"
    );
    let (_, unknown) = assign(
        &server,
        &server.group(),
        &principal,
        "00000000-0000-0000-0000-000000000000",
    )
    .await;
    assert_eq!(unknown.code(), "RoleDefinitionDoesNotExist");
    let (_, nobody) = assign(&server, &server.group(), "me", READER).await;
    assert_eq!(nobody.code(), "InvalidPrincipalId");
}

#[tokio::test]
async fn roles_are_found_by_name() {
    let server = Server::start().await;
    let path = format!(
        "{}/providers/Microsoft.Authorization/roleDefinitions?$filter=roleName%20eq%20'acrpull'",
        server.registry("any")
    );
    let list = server.arm("GET", &path, None).await.json();
    assert_eq!(names(&list), [ACR_PULL]);
    assert_eq!(list["value"][0]["properties"]["roleName"], "AcrPull");
    let one = format!("/providers/Microsoft.Authorization/roleDefinitions/{ACR_PULL}");
    assert_eq!(server.arm("GET", &one, None).await.json()["name"], ACR_PULL);
}

#[tokio::test]
async fn a_deleted_principal_is_nobody_at_once() {
    let server = Server::start().await;
    server.create("seen1", "Basic", json!({})).await;
    let (principal, token) = server.stranger().await;
    let (assignment, _) = assign(&server, &server.group(), &principal, READER).await;
    let registry = server.registry("seen1");
    assert_eq!(
        server.arm_as(&token, "GET", &registry, None).await.status,
        StatusCode::OK
    );

    let path = format!("/v1.0/servicePrincipals/{principal}");
    assert_eq!(
        server.arm("DELETE", &path, None).await.status,
        StatusCode::NO_CONTENT
    );
    for path in [registry.as_str(), "/subscriptions", "/v1.0/me"] {
        let refused = server.arm_as(&token, "GET", path, None).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken"),
            "{path}"
        );
    }
    assert_eq!(
        server.arm("GET", &assignment, None).await.code(),
        "RoleAssignmentNotFound"
    );
    let held = crate::domain::role::held_by(&server.app, &principal).await;
    assert_eq!(held.unwrap(), []);
}

#[tokio::test]
async fn the_roles_of_an_identity_go_with_its_resource() {
    let server = Server::start().await;
    let identity = format!(
        "{}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/robot",
        server.group()
    );
    let made = server
        .arm("PUT", &identity, Some(json!({"location": "eastus"})))
        .await
        .json();
    let principal = made["properties"]["principalId"].as_str().unwrap();
    let (assignment, _) = assign(&server, &server.subscription(), principal, READER).await;
    assert_eq!(
        server.arm("GET", &assignment, None).await.status,
        StatusCode::OK
    );
    server.arm("DELETE", &identity, None).await;
    assert_eq!(
        server.arm("GET", &assignment, None).await.code(),
        "RoleAssignmentNotFound"
    );
}
