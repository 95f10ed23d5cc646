//! Subscriptions, groups and providers.

use axum::http::{StatusCode, header};
use serde_json::json;

use crate::testing::Server;

#[tokio::test]
async fn the_first_start_makes_a_subscription_with_a_group() {
    let server = Server::start().await;
    let list = server.arm("GET", "/subscriptions", None).await.json();
    assert_eq!(
        list["value"][0]["subscriptionId"],
        server.administrator.subscription_id
    );
    assert_eq!(list["value"][0]["tenantId"], server.administrator.tenant_id);
    let group = server
        .arm("GET", &server.group().to_uppercase(), None)
        .await
        .json();
    assert_eq!(
        group,
        json!({
            "id": server.group(), "name": "default", "type": "Microsoft.Resources/resourceGroups",
            "location": "local", "properties": {"provisioningState": "Succeeded"},
        })
    );
    let tenants = server.arm("GET", "/tenants", None).await.json();
    assert_eq!(
        tenants["value"][0]["tenantId"],
        server.administrator.tenant_id
    );
}

#[tokio::test]
async fn a_second_start_changes_nothing() {
    let server = Server::start().await;
    server.arm("DELETE", &server.group(), None).await;
    let first = server.administrator.clone();
    let (app, kept) = server
        .open_again(|options| options.administrator_secret = Some(first.client_secret.clone()))
        .await;
    assert_eq!(
        (&kept.client_id, kept.client_secret.expose()),
        (&first.client_id, first.client_secret.expose())
    );
    assert_eq!(
        app.meta()
            .count("resource/microsoft.resources/resourcegroups", "")
            .await
            .unwrap(),
        0
    );
    let server = server.with_app(app);
    let (app, renewed) = server.open_again(|_| {}).await;
    let server = server.with_app(app);
    assert_ne!(renewed.client_secret.expose(), first.client_secret.expose());
    for secret in [&first.client_secret, &renewed.client_secret] {
        assert_eq!(
            server
                .client_credentials(&first.client_id, secret.expose())
                .await
                .status,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn groups_come_change_and_go_with_what_is_in_them() {
    let server = Server::start().await;
    let id = format!("{}/resourceGroups/My.Group", server.subscription());
    assert_eq!(
        server.arm("HEAD", &id, None).await.status,
        StatusCode::NOT_FOUND
    );
    let made = server
        .arm(
            "PUT",
            &id,
            Some(json!({"location": "East US", "tags": {"a": "b"}})),
        )
        .await;
    assert_eq!(
        (made.status, made.json()["location"].as_str()),
        (StatusCode::CREATED, Some("eastus"))
    );
    assert_eq!(
        server.arm("HEAD", &id, None).await.status,
        StatusCode::NO_CONTENT
    );
    let again = server
        .arm(
            "PUT",
            &id.to_lowercase(),
            Some(json!({"location": "eastus"})),
        )
        .await;
    assert_eq!(
        (again.status, again.json()["name"].as_str()),
        (StatusCode::OK, Some("My.Group"))
    );
    let moved = server
        .arm("PUT", &id, Some(json!({"location": "westus"})))
        .await;
    assert_eq!(moved.code(), "InvalidResourceGroupLocation");
    let tagged = server
        .arm("PATCH", &id, Some(json!({"tags": {"c": "d"}})))
        .await
        .json();
    assert_eq!(tagged["tags"], json!({"c": "d"}));

    let registry = format!("{id}/providers/Microsoft.ContainerRegistry/registries/inside1");
    let body = json!({"location": "eastus", "sku": {"name": "Basic"}});
    server.arm("PUT", &registry, Some(body.clone())).await;
    let deleted = server.arm("DELETE", &id, None).await;
    assert_eq!(deleted.status, StatusCode::ACCEPTED);
    let location = deleted.headers[header::LOCATION]
        .to_str()
        .unwrap()
        .strip_prefix("https://localhost:5480")
        .unwrap()
        .to_owned();
    assert_eq!(
        server.arm("GET", &location, None).await.status,
        StatusCode::OK
    );
    assert_eq!(
        server.arm("GET", &registry, None).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        server.arm("GET", &id, None).await.code(),
        "ResourceGroupNotFound"
    );
    // The name is free again.
    assert_eq!(
        server
            .arm("PUT", &server.registry("inside1"), Some(body))
            .await
            .status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn nothing_is_below_a_group_that_is_not_there() {
    let server = Server::start().await;
    let group = format!("{}/resourceGroups/NoSuch", server.subscription());
    let registries = format!("{group}/providers/Microsoft.ContainerRegistry/registries");
    for (method, path) in [
        ("GET", format!("{group}/resources")),
        ("GET", registries.clone()),
        ("GET", format!("{registries}/missing1")),
        ("GET", format!("{registries}/missing1/listUsages")),
        ("GET", format!("{registries}/missing1/replications")),
        ("POST", format!("{registries}/missing1/listCredentials")),
        ("DELETE", format!("{registries}/missing1")),
        (
            "GET",
            format!("{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"),
        ),
        (
            "GET",
            format!("{group}/providers/Microsoft.Authorization/roleAssignments"),
        ),
    ] {
        let refused = server.arm(method, &path, None).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            refused.json()["error"],
            json!({
                "code": "ResourceGroupNotFound",
                "message": "Resource group 'NoSuch' could not be found.",
            }),
            "{path}"
        );
    }
    let (_, token) = server.stranger().await;
    let refused = server.arm_as(&token, "GET", &registries, None).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
}

#[tokio::test]
async fn groups_need_a_name_and_a_place() {
    let server = Server::start().await;
    let path = |name: &str| format!("{}/resourceGroups/{name}", server.subscription());
    for (name, body, code) in [
        (
            "bad.",
            json!({"location": "eastus"}),
            "InvalidResourceGroup",
        ),
        ("a*b", json!({"location": "eastus"}), "InvalidResourceGroup"),
        (
            &"x".repeat(91),
            json!({"location": "eastus"}),
            "InvalidResourceGroup",
        ),
        ("good", json!({}), "LocationRequired"),
        ("good", json!({"location": 1}), "InvalidRequestContent"),
    ] {
        let answer = server.arm("PUT", &path(name), Some(body)).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, code),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_provider_is_registered_and_stays_so() {
    let server = Server::start().await;
    let path = format!(
        "{}/providers/microsoft.containerregistry",
        server.subscription()
    );
    for (method, path) in [("GET", path.clone()), ("POST", format!("{path}/register"))] {
        let provider = server.arm(method, &path, None).await.json();
        assert_eq!(provider["registrationState"], "Registered");
        assert_eq!(provider["namespace"], "Microsoft.ContainerRegistry");
    }
    let operations = server
        .arm(
            "GET",
            "/providers/Microsoft.ContainerRegistry/operations",
            None,
        )
        .await
        .json();
    assert!(
        operations["value"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["name"] == "Microsoft.ContainerRegistry/registries/write")
    );
    let locations = server
        .arm("GET", &format!("{}/locations", server.subscription()), None)
        .await
        .json();
    assert_eq!(locations["value"][0]["name"], "local");
}
