//! Tests of the directory, through the router.

use axum::http::StatusCode;
use serde_json::json;

use crate::testing::Server;

#[tokio::test]
async fn an_application_gets_a_principal_secrets_and_an_end() {
    let server = Server::start().await;
    let made = server
        .arm(
            "POST",
            "/v1.0/applications",
            Some(json!({"displayName": "robot"})),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED);
    let application = made.json();
    let (id, app_id) = (
        application["id"].as_str().unwrap(),
        application["appId"].as_str().unwrap(),
    );
    let path = format!("/v1.0/applications/{id}");
    let secret = server
        .arm(
            "POST",
            &format!("{path}/addPassword"),
            Some(json!({"passwordCredential": {"displayName": "rbac"}})),
        )
        .await
        .json();
    let text = secret["secretText"].as_str().unwrap();
    let homeless = server.client_credentials(app_id, text).await;
    assert_eq!(homeless.json()["error_codes"], json!([7_000_229]));
    let principal = server
        .arm(
            "POST",
            "/v1.0/servicePrincipals",
            Some(json!({"appId": app_id})),
        )
        .await
        .json();
    assert_eq!(
        server.client_credentials(app_id, text).await.status,
        StatusCode::OK
    );
    for filter in [
        format!("appId eq '{app_id}'"),
        format!("servicePrincipalNames/any(c:c eq '{app_id}')"),
        "startswith(displayName,'ROB')".to_owned(),
    ] {
        let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let list = server
            .arm(
                "GET",
                &format!("/v1.0/servicePrincipals?$filter={filter}"),
                None,
            )
            .await
            .json();
        assert_eq!(list["value"], json!([principal]), "{filter}");
    }
    let shown = server.arm("GET", &path, None).await;
    assert!(!shown.text.contains(text));
    let removal = json!({"keyId": secret["keyId"]});
    assert_eq!(
        server
            .arm("POST", &format!("{path}/removePassword"), Some(removal))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        server.client_credentials(app_id, text).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        server.arm("DELETE", &path, None).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        server.arm("GET", &path, None).await.code(),
        "Request_ResourceNotFound"
    );
    assert_eq!(
        server.client_credentials(app_id, text).await.json()["error_codes"],
        json!([700_016])
    );
}

#[tokio::test]
async fn only_who_assigns_roles_changes_the_directory() {
    let server = Server::start().await;
    let application = server
        .arm(
            "POST",
            "/v1.0/applications",
            Some(json!({"displayName": "robot"})),
        )
        .await
        .json();
    let app_id = application["appId"].as_str().unwrap();
    server
        .arm(
            "POST",
            "/v1.0/servicePrincipals",
            Some(json!({"appId": app_id})),
        )
        .await;
    let path = format!(
        "/v1.0/applications/{}/addPassword",
        application["id"].as_str().unwrap()
    );
    let secret = server.arm("POST", &path, Some(json!({}))).await.json();
    let answer = server
        .client_credentials(app_id, secret["secretText"].as_str().unwrap())
        .await
        .json();
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(
        server
            .arm_as(token, "GET", "/v1.0/applications", None)
            .await
            .status,
        StatusCode::OK
    );
    let own = server.arm_as(token, "POST", &path, Some(json!({}))).await;
    assert_eq!(
        (own.status, own.code().as_str()),
        (StatusCode::FORBIDDEN, "Authorization_RequestDenied")
    );
    assert_eq!(
        server
            .arm_as("none", "GET", "/v1.0/applications", None)
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn federated_credentials_are_whole_and_unique() {
    let server = Server::start().await;
    let application = server
        .arm(
            "POST",
            "/v1.0/applications",
            Some(json!({"displayName": "robot"})),
        )
        .await
        .json();
    let path = format!(
        "/v1.0/applications/{}/federatedIdentityCredentials",
        application["id"].as_str().unwrap()
    );
    let whole =
        json!({"name": "ci", "issuer": "https://i.example", "subject": "s", "audiences": ["a"]});
    assert_eq!(
        server
            .arm("POST", &path, Some(json!({"name": "ci"})))
            .await
            .status,
        StatusCode::BAD_REQUEST
    );
    let made = server.arm("POST", &path, Some(whole.clone())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(
        server.arm("POST", &path, Some(whole)).await.status,
        StatusCode::CONFLICT
    );
    assert_eq!(
        server
            .arm(
                "PATCH",
                &format!("{path}/ci"),
                Some(json!({"subject": "t"}))
            )
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    let shown = server
        .arm(
            "GET",
            &format!("{path}/{}", made.json()["id"].as_str().unwrap()),
            None,
        )
        .await
        .json();
    assert_eq!(
        (shown["subject"].as_str(), shown["audiences"].clone()),
        (Some("t"), json!(["a"]))
    );
    assert_eq!(
        server
            .arm("DELETE", &format!("{path}/ci"), None)
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        server.arm("GET", &path, None).await.json()["value"],
        json!([])
    );
}

#[tokio::test]
async fn users_and_principals_are_found_by_id() {
    let server = Server::start().await;
    let user = json!({"displayName": "Ada", "userPrincipalName": "ada@local", "passwordProfile": {"password": "correct horse"}});
    let made = server.arm("POST", "/v1.0/users", Some(user.clone())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(
        server.arm("POST", "/v1.0/users", Some(user)).await.status,
        StatusCode::BAD_REQUEST
    );
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let ids = json!({"ids": [id, server.app.tenancy().administrator_object_id, "nobody"]});
    let found = server
        .arm("POST", "/v1.0/directoryObjects/getByIds", Some(ids))
        .await
        .json();
    let kinds: Vec<&str> = found["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["@odata.type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["#microsoft.graph.user", "#microsoft.graph.servicePrincipal"]
    );
    let me = server.arm("GET", "/v1.0/me", None).await.json();
    assert_eq!(me["appId"], server.administrator.client_id);
    assert_eq!(
        server
            .arm("DELETE", "/v1.0/users/ada@local", None)
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        server
            .arm("GET", &format!("/v1.0/users/{id}"), None)
            .await
            .status,
        StatusCode::NOT_FOUND
    );
}
