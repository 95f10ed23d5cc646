//! Conditions are read when a role is assigned.

use axum::http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::world::World;

#[tokio::test]
async fn a_condition_that_cannot_be_read_is_refused() {
    let world = World::with("Basic", json!({})).await;
    let program = world.program().await;
    let role = format!(
        "{}/providers/Microsoft.Authorization/roleDefinitions/b93aa761-3e63-49ed-ac28-beffa264f7ac",
        world.server.subscription()
    );
    for (condition, expected) in [
        ("@Request[a] StringLooksLike 'x'", StatusCode::BAD_REQUEST),
        ("(", StatusCode::BAD_REQUEST),
        ("", StatusCode::BAD_REQUEST),
        (
            "@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEquals 'x'",
            StatusCode::CREATED,
        ),
    ] {
        let id = format!(
            "{}/providers/Microsoft.Authorization/roleAssignments/{}",
            world.id(),
            Uuid::new_v4()
        );
        let body = json!({"properties": {"roleDefinitionId": role, "principalId": program.object_id, "condition": condition, "conditionVersion": "2.0"}});
        let answer = world.server.arm("PUT", &id, Some(body)).await;
        assert_eq!(answer.status, expected, "{condition}: {}", answer.text);
    }
}
