//! Images of registries of the same server, which do not go over the network.

use acr_api::acr::ChangeableAttributes;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    fixture::{World, from_host},
    source::digest_of,
};
use crate::domain::{
    content::{manifest, tag},
    operation::State,
};

async fn start() -> World {
    let world = World::start().await;
    world.server.create("source", "Premium", json!({})).await;
    world.push("source", "app", "v1", "content").await;
    world
}

fn from_registry(world: &World, name: &str, image: &str, target: &str) -> Value {
    let id = world.server.registry(name);
    json!({"source": {"resourceId": id, "sourceImage": image}, "targetTags": [target]})
}

async fn assign(world: &World, principal: &str, role: &str, registry: &str) {
    let scope = world.server.registry(registry);
    let name = uuid::Uuid::new_v4();
    let path = format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{name}");
    let role = format!("/providers/Microsoft.Authorization/roleDefinitions/{role}");
    let body = json!({"properties": {"roleDefinitionId": role, "principalId": principal}});
    let answer = world.server.arm("PUT", &path, Some(body)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

#[tokio::test]
async fn an_image_goes_from_one_registry_to_another() {
    let world = start().await;
    let request = from_registry(&world, "source", "app:v1", "copy:v2");
    assert_eq!(world.import(request).await, State::Succeeded);
    let digest = digest_of(b"content").to_string();
    assert_eq!(world.blob("copy", &digest).await.unwrap(), "content");
    // By its login server it is the same registry.
    let request = from_host("source.localhost:5480", "app:v1", &["copy:v3"]);
    assert_eq!(world.import(request).await, State::Succeeded);
    assert_eq!(
        world.digest("copy", "v2").await,
        world.digest("copy", "v3").await
    );
}

#[tokio::test]
async fn a_name_is_taken_from_another_image_only_by_force() {
    let world = start().await;
    let other = world.push("target", "app", "v1", "other").await;
    let mut request = from_registry(&world, "source", "app:v1", "app:v1");
    let answer = world.ask(request.clone()).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::CONFLICT, "Conflict")
    );
    assert!(
        answer
            .text
            .contains("app:v1 already exists in the target registry"),
        "{}",
        answer.text
    );
    assert_eq!(world.digest("app", "v1").await, Some(other.clone()));
    lock(&world, "app", "v1").await;
    request["mode"] = "Force".into();
    assert_eq!(world.import(request).await, State::Succeeded);
    assert_ne!(world.digest("app", "v1").await, Some(other));
}

#[tokio::test]
async fn a_name_that_was_given_meanwhile_is_not_taken() {
    let world = start().await;
    let request = from_registry(&world, "source", "app:v1", "app:v1");
    let registry = world.registry("target").await;
    // The job is stored and not begun before this test waits for the first time.
    let id = world.begin(request).await;
    let other = world.push("target", "app", "v1", "other").await;
    let state = super::fixture::ended(&world.server.app, &id).await;
    let found = world.digest("app", "v1").await;
    match state {
        State::Succeeded => assert_eq!(found, Some(other), "the push came last"),
        State::Failed { code, message } => {
            assert!(
                code == "Conflict" && message.contains(&registry.login_server),
                "{message}"
            );
            assert_eq!(found, Some(other));
        }
        State::Running => unreachable!(),
    }
}

#[tokio::test]
async fn an_image_gets_another_name_in_its_own_registry() {
    let world = World::start().await;
    let digest = world.push("target", "app", "v1", "content").await;
    let request = from_registry(&world, "target", "app:v1", "app:stable");
    assert_eq!(world.import(request).await, State::Succeeded);
    let mut request = from_registry(&world, "target", &format!("app@{digest}"), "other:v1");
    request["mode"] = "Force".into();
    assert_eq!(world.import(request).await, State::Succeeded);
    for (repository, tag) in [("app", "stable"), ("other", "v1")] {
        assert_eq!(world.digest(repository, tag).await, Some(digest.clone()));
    }
}

#[tokio::test]
async fn who_may_not_pull_may_not_import() {
    let world = start().await;
    let (principal, token) = world.server.stranger().await;
    let request = || from_registry(&world, "source", "app:v1", "app:v1");
    let answer = world.ask_as(&token, request()).await;
    assert_eq!(
        answer.status,
        StatusCode::FORBIDDEN,
        "no right on the target"
    );
    // Imports into the target, and reads there alone.
    assign(
        &world,
        &principal,
        "577a9874-89fd-4f24-9dbd-b5034d0ad23a",
        "target",
    )
    .await;
    let answer = world.ask_as(&token, request()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(
        answer
            .text
            .contains("The source registry 'source.localhost:5480'"),
        "{}",
        answer.text
    );
    let mut named = from_host("source.localhost:5480", "app:v1", &["app:v1"]);
    named["source"]["credentials"] = json!({"username": "nobody", "password": "wrong"});
    let answer = world.ask_as(&token, named).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::BAD_REQUEST, "SourceUnauthorized")
    );
    // AcrPull.
    assign(
        &world,
        &principal,
        "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "source",
    )
    .await;
    let answer = world.ask_as(&token, request()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
}

#[tokio::test]
async fn the_refusal_names_the_registry_that_refuses() {
    let world = start().await;
    let closed = json!({"properties": {"publicNetworkAccess": "Disabled", "networkRuleBypassOptions": "None"}});
    let open = json!({"properties": {"publicNetworkAccess": "Enabled", "networkRuleBypassOptions": "AzureServices"}});
    for name in ["source", "target"] {
        let id = world.server.registry(name);
        world.server.arm("PATCH", &id, Some(closed.clone())).await;
        let answer = world
            .ask(from_registry(&world, "source", "app:v1", "app:v1"))
            .await;
        assert!(
            answer
                .text
                .contains(&format!("The {name} registry '{name}.localhost:5480'")),
            "{}",
            answer.text
        );
        assert!(answer.text.contains("network rules"), "{}", answer.text);
        world.server.arm("PATCH", &id, Some(open.clone())).await;
    }
    let kept = json!({"properties": {"policies": {"exportPolicy": {"status": "disabled"}}, "publicNetworkAccess": "Disabled"}});
    world
        .server
        .arm("PATCH", &world.server.registry("source"), Some(kept))
        .await;
    let answer = world
        .ask(from_registry(&world, "source", "app:v1", "app:v1"))
        .await;
    assert!(answer.text.contains("export policy"), "{}", answer.text);
}

#[tokio::test]
async fn what_is_not_there_is_missing_at_the_source() {
    let world = start().await;
    for image in ["app:v2", "nothing:v1"] {
        let (code, message) = world
            .fail(from_registry(&world, "source", image, "app:v1"))
            .await;
        assert_eq!(code, "SourceNotFound", "{message}");
        assert!(
            message.contains("The source registry 'source.localhost:5480'"),
            "{message}"
        );
    }
    let answer = world
        .ask(from_registry(&world, "nosuch", "app:v1", "app:v1"))
        .await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::BAD_REQUEST, "SourceNotFound")
    );
}

async fn lock(world: &World, repository: &str, name: &str) {
    let registry = world.registry("target").await;
    let lock = ChangeableAttributes {
        write_enabled: Some(false),
        ..ChangeableAttributes::default()
    };
    let (repository, name) = (repository.parse().unwrap(), name.parse().unwrap());
    tag::change(&world.server.app, &registry, &repository, &name, &lock)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_was_deleted_and_is_kept_is_not_imported() {
    let world = start().await;
    let keeps = json!({"properties": {"policies": {"softDeletePolicy": {"status": "enabled", "retentionDays": 7}}}});
    for name in ["source", "target"] {
        let answer = world
            .server
            .arm("PATCH", &world.server.registry(name), Some(keeps.clone()))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let digest = world.push("target", "app", "v1", "content").await;
    delete(&world, "target", &digest).await;
    let request = || from_registry(&world, "source", "app:v1", "app:v1");
    let (code, message) = world.fail(request()).await;
    assert!(
        code == "TargetDenied" && message.contains("target.localhost"),
        "{code}: {message}"
    );
    delete(&world, "source", &digest).await;
    let (code, message) = world.fail(request()).await;
    assert!(
        code == "SourceNotFound" && message.contains("source.localhost"),
        "{code}: {message}"
    );
}

async fn delete(world: &World, registry: &str, digest: &str) {
    let registry = world.registry(registry).await;
    let (name, digest) = ("app".parse().unwrap(), digest.parse().unwrap());
    manifest::delete(&world.server.app, &registry, &name, &digest)
        .await
        .unwrap();
}
