//! Scope maps and tokens: what they may be, and who may see what of them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::testing::{Answer, Server};

async fn server(sku: &str) -> (Server, String) {
    let server = Server::start().await;
    server.create("contoso", sku, json!({})).await;
    let id = server.registry("contoso");
    (server, id)
}

async fn put_map(server: &Server, id: &str, name: &str, actions: Value) -> Answer {
    let body = json!({"properties": {"actions": actions}});
    let path = format!("{id}/scopeMaps/{name}");
    server.arm("PUT", &path, Some(body)).await
}

async fn put_token(server: &Server, id: &str, name: &str, map: &str) -> Answer {
    let body = json!({"properties": {"scopeMapId": format!("{id}/scopeMaps/{map}")}});
    let path = format!("{id}/tokens/{name}");
    server.arm("PUT", &path, Some(body)).await
}

fn names(page: &Value) -> Vec<&str> {
    let rows = page["value"].as_array().unwrap();
    rows.iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect()
}

fn usage(usages: &Value, name: &str) -> (Value, Value) {
    let rows = usages["value"].as_array().unwrap();
    let row = rows.iter().find(|row| row["name"] == name).unwrap();
    (row["currentValue"].clone(), row["limit"].clone())
}

#[tokio::test]
async fn a_scope_map_lives_and_dies() {
    let (server, id) = server("Basic").await;
    let path = format!("{id}/scopeMaps/ci-map");
    let made = put_map(
        &server,
        &id,
        "ci-map",
        json!([
            "repositories/foo/content/read",
            "repositories/foo/content/read"
        ]),
    )
    .await;
    // As recorded: 200, whole at once, without a description.
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let body = made.json();
    assert_eq!(body["id"], path);
    assert_eq!(
        body["type"],
        "Microsoft.ContainerRegistry/registries/scopeMaps"
    );
    assert_eq!(
        body["properties"],
        json!({"type": "UserDefined", "creationDate": "2026-09-10T09:00:00+00:00", "provisioningState": "Succeeded", "actions": ["repositories/foo/content/read"]})
    );
    let patch =
        json!({"properties": {"description": "d", "actions": ["repositories/*/metadata/read"]}});
    let patched = server.arm("PATCH", &path, Some(patch)).await.json();
    assert_eq!(patched["properties"]["description"], "d");
    assert_eq!(
        patched["properties"]["actions"],
        json!(["repositories/*/metadata/read"])
    );
    assert_eq!(server.arm("GET", &path, None).await.json(), patched);
    assert_eq!(
        server.arm("DELETE", &path, None).await.status,
        StatusCode::OK
    );
    assert_eq!(
        server.arm("DELETE", &path, None).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        server.arm("GET", &path, None).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_systems_maps_are_there_and_stay() {
    let (server, id) = server("Basic").await;
    put_map(&server, &id, "ci-map", json!([])).await;
    let list = server
        .arm("GET", &format!("{id}/scopeMaps"), None)
        .await
        .json();
    assert_eq!(
        names(&list),
        [
            "_repositories_admin",
            "_repositories_pull",
            "_repositories_pull_metadata_read",
            "_repositories_push",
            "_repositories_push_metadata_write",
            "ci-map"
        ]
    );
    let path = format!("{id}/scopeMaps/_repositories_pull");
    let map = server.arm("GET", &path, None).await.json();
    assert_eq!(map["properties"]["type"], "SystemDefined");
    assert_eq!(
        map["properties"]["actions"],
        json!(["repositories/*/content/read"])
    );
    let body = json!({"properties": {"actions": []}});
    for (method, body) in [
        ("PUT", Some(body.clone())),
        ("PATCH", Some(body)),
        ("DELETE", None),
    ] {
        let answer = server.arm(method, &path, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{method}");
        assert_eq!(answer.code(), "SystemScopeMapCannotBeModified");
    }
    let nowhere = format!("{}/scopeMaps", server.registry("nothere"));
    assert_eq!(
        server.arm("GET", &nowhere, None).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn malformed_maps_are_refused() {
    let (server, id) = server("Basic").await;
    let many: Vec<String> = (0..501)
        .map(|n| format!("repositories/r{n}/content/read"))
        .collect();
    for (name, actions) in [
        ("ci-map", json!(["repositories/a*/content/read"])),
        ("ci-map", json!(["repositories/UP/content/read"])),
        ("ci-map", json!(["nonsense"])),
        ("ci-map", json!([1])),
        ("ci-map", json!(null)),
        ("ci-map", json!(many)),
        ("ab", json!([])),
        ("ci_map", json!([])),
        (&"x".repeat(51), json!([])),
    ] {
        let answer = put_map(&server, &id, name, actions).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{name}: {}",
            answer.text
        );
    }
    let orphan = put_map(&server, &server.registry("nothere"), "ci-map", json!([])).await;
    assert_eq!(orphan.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn passwords_are_told_once() {
    let (server, id) = server("Basic").await;
    let made = put_token(&server, &id, "ci-token", "_repositories_pull").await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(
        made.json()["properties"],
        json!({"creationDate": "2026-09-10T09:00:00+00:00", "provisioningState": "Succeeded", "scopeMapId": format!("{id}/scopeMaps/_repositories_pull"), "credentials": {"passwords": []}, "status": "enabled"})
    );
    let asked =
        json!({"tokenId": format!("{id}/tokens/CI-TOKEN"), "expiry": "2100-12-31T12:59:59Z"});
    let generate = format!("{id}/generateCredentials");
    let answer = server.arm("POST", &generate, Some(asked)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let mut told = answer.json();
    assert_eq!(told["username"], "ci-token");
    for row in told["passwords"].as_array_mut().unwrap() {
        let value = row.as_object_mut().unwrap().shift_remove("value").unwrap();
        assert_eq!(value.as_str().unwrap().len(), 52);
    }
    let row = |name: &str| json!({"creationTime": "2026-09-10T09:00:00+00:00", "expiry": "2100-12-31T12:59:59+00:00", "name": name});
    assert_eq!(
        told["passwords"],
        json!([row("password1"), row("password2")])
    );
    let path = format!("{id}/tokens/ci-token");
    let shown = server.arm("GET", &path, None).await.json();
    assert_eq!(
        shown["properties"]["credentials"]["passwords"],
        told["passwords"]
    );

    // A patch keeps the passwords unless it names those that stay; it makes none.
    let patch = json!({"properties": {"status": "disabled"}});
    let patched = server.arm("PATCH", &path, Some(patch)).await.json();
    assert_eq!(
        patched["properties"]["credentials"],
        shown["properties"]["credentials"]
    );
    assert_eq!(patched["properties"]["status"], "disabled");
    let patch = json!({"properties": {"credentials": {"passwords": [{"name": "password2"}, {"name": "password3", "value": "x"}]}}});
    let patched = server.arm("PATCH", &path, Some(patch)).await.json();
    assert_eq!(
        patched["properties"]["credentials"]["passwords"],
        json!([row("password2")])
    );
    assert_eq!(
        names(
            &server
                .arm("GET", &format!("{id}/tokens"), None)
                .await
                .json()
        ),
        ["ci-token"]
    );
    assert_eq!(
        server.arm("DELETE", &path, None).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn malformed_tokens_are_refused() {
    let (server, id) = server("Basic").await;
    server.create("fabrikam", "Basic", json!({})).await;
    let other = server.registry("fabrikam");
    put_token(&server, &id, "ci-token", "_repositories_pull").await;
    for properties in [
        json!({}),
        json!({"scopeMapId": "nonsense"}),
        json!({"scopeMapId": format!("{id}/scopeMaps/nothere")}),
        json!({"scopeMapId": format!("{id}/tokens/ci-token")}),
        json!({"scopeMapId": format!("{other}/scopeMaps/_repositories_pull")}),
        json!({"scopeMapId": format!("{id}/scopeMaps/_repositories_pull"), "status": "maybe"}),
    ] {
        let body = json!({"properties": properties});
        let path = format!("{id}/tokens/new-token");
        let answer = server.arm("PUT", &path, Some(body)).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{properties}: {}",
            answer.text
        );
    }
    let own = format!("{id}/tokens/ci-token");
    for (asked, expected) in [
        (json!({}), StatusCode::BAD_REQUEST),
        (json!({"tokenId": id}), StatusCode::BAD_REQUEST),
        (
            json!({"tokenId": format!("{other}/tokens/ci-token")}),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({"tokenId": format!("{id}/tokens/nothere")}),
            StatusCode::NOT_FOUND,
        ),
        (
            json!({"tokenId": own, "name": "password3"}),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({"tokenId": own, "expiry": "tomorrow"}),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({"tokenId": own, "expiry": "2026-09-10T09:00:00Z"}),
            StatusCode::BAD_REQUEST,
        ),
    ] {
        let path = format!("{id}/generateCredentials");
        let answer = server.arm("POST", &path, Some(asked.clone())).await;
        assert_eq!(answer.status, expected, "{asked}: {}", answer.text);
    }
}

#[tokio::test]
async fn tiers_bound_maps_and_tokens_and_usages_count_them() {
    let (server, id) = server("Basic").await;
    for number in 0..100 {
        let name = format!("map-{number:03}");
        assert_eq!(
            put_map(&server, &id, &name, json!([])).await.status,
            StatusCode::OK
        );
    }
    let over = put_map(&server, &id, "map-over", json!([])).await;
    assert_eq!(
        (over.status, over.code().as_str()),
        (StatusCode::FORBIDDEN, "QuotaExceeded")
    );
    // What is there can still be changed.
    assert_eq!(
        put_map(&server, &id, "map-007", json!([])).await.status,
        StatusCode::OK
    );
    put_token(&server, &id, "ci-token", "map-007").await;
    let usages = server
        .arm("GET", &format!("{id}/listUsages"), None)
        .await
        .json();
    assert_eq!(usage(&usages, "ScopeMaps"), (json!(100), json!(100)));
    assert_eq!(usage(&usages, "Tokens"), (json!(1), json!(100)));
}

#[tokio::test]
async fn what_a_registry_had_goes_with_it() {
    let (server, id) = server("Basic").await;
    put_map(&server, &id, "ci-map", json!([])).await;
    put_token(&server, &id, "ci-token", "ci-map").await;
    let asked = json!({"tokenId": format!("{id}/tokens/ci-token")});
    server
        .arm("POST", &format!("{id}/generateCredentials"), Some(asked))
        .await;
    server.arm("DELETE", &id, None).await;
    server.create("contoso", "Basic", json!({})).await;
    let tokens = server
        .arm("GET", &format!("{id}/tokens"), None)
        .await
        .json();
    assert_eq!(tokens["value"], json!([]));
    let maps = server
        .arm("GET", &format!("{id}/scopeMaps"), None)
        .await
        .json();
    assert_eq!(names(&maps).len(), 5);
    let made = put_token(&server, &id, "ci-token", "_repositories_pull").await;
    assert_eq!(
        made.json()["properties"]["credentials"]["passwords"],
        json!([])
    );
}

#[tokio::test]
async fn only_those_with_the_action_may_make_passwords() {
    let (server, id) = server("Basic").await;
    put_token(&server, &id, "ci-token", "_repositories_pull").await;
    let (_, token) = server.stranger().await;
    for (method, path) in [
        ("POST", format!("{id}/generateCredentials")),
        ("GET", format!("{id}/tokens")),
        ("GET", format!("{id}/scopeMaps/_repositories_pull")),
        ("DELETE", format!("{id}/tokens/ci-token")),
    ] {
        let body = (method == "POST").then(|| json!({"tokenId": format!("{id}/tokens/ci-token")}));
        let answer = server.arm_as(&token, method, &path, body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
    }
}
