//! What is taken away is gone: at once for new tokens, and for what was handed out before.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::world::{NAME, World, basic, bearer};
use crate::domain::{
    access::{Demand, Grant, Refusal, exchange},
    role::READER,
};

async fn may_enter(world: &World, authorization: &str) -> bool {
    match world.knock(Some(authorization), Demand::Entry).await {
        Ok(_) => true,
        Err(Refusal::Unauthorized { .. }) => false,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_repository_token_stops_with_its_status_its_password_and_itself() {
    let world = World::with("Standard", json!({})).await;
    let id = format!("{}/tokens/ci-token", world.id());
    let status = |status: &str| json!({"properties": {"status": status}});
    let passwords = world.token("ci-token", "_repositories_pull", None).await;
    let (first, second) = (
        basic("ci-token", &passwords[0]),
        basic("ci-token", &passwords[1]),
    );
    let grant = Grant::Password("ci-token", &passwords[0]);
    let token = bearer(&world.granted(grant).await.unwrap());
    for _ in 0..2 {
        assert!(may_enter(&world, &first).await && may_enter(&world, &token).await);
    }

    world.done("PATCH", &id, status("disabled")).await;
    assert!(!may_enter(&world, &first).await && !may_enter(&world, &token).await);
    assert!(world.granted(grant).await.is_err());
    world.done("PATCH", &id, status("enabled")).await;
    assert!(may_enter(&world, &first).await && may_enter(&world, &token).await);

    // A password made anew ends what the old one opened; the other password stays.
    let path = format!("{}/generateCredentials", world.id());
    let asked = json!({"tokenId": id, "name": "password1"});
    let made = world.done("POST", &path, asked).await;
    assert_eq!(made["passwords"].as_array().unwrap().len(), 1);
    let renewed = basic("ci-token", made["passwords"][0]["value"].as_str().unwrap());
    assert!(!may_enter(&world, &first).await && !may_enter(&world, &token).await);
    assert!(may_enter(&world, &renewed).await && may_enter(&world, &second).await);

    // So does taking it away, as az does it: by naming those that stay.
    let stays = json!({"properties": {"credentials": {"passwords": [{"name": "password2"}]}}});
    world.done("PATCH", &id, stays).await;
    assert!(!may_enter(&world, &renewed).await && may_enter(&world, &second).await);

    world.server.arm("DELETE", &id, None).await;
    assert!(!may_enter(&world, &second).await);
}

#[tokio::test]
async fn passwords_end_when_they_were_told_to() {
    let world = World::with("Standard", json!({})).await;
    let end = "2026-09-10T10:00:00Z";
    let passwords = world
        .token("ci-token", "_repositories_pull", Some(end))
        .await;
    let login = basic("ci-token", &passwords[0]);
    let grant = Grant::Password("ci-token", &passwords[0]);
    let token = bearer(&world.granted(grant).await.unwrap());
    world.server.advance(TimeDelta::seconds(3599));
    assert!(may_enter(&world, &login).await && may_enter(&world, &token).await);
    world.server.advance(TimeDelta::seconds(1));
    assert!(!may_enter(&world, &login).await && !may_enter(&world, &token).await);
}

#[tokio::test]
async fn a_changed_scope_map_changes_what_its_tokens_may_do() {
    let world = World::with("Standard", json!({})).await;
    let map = format!("{}/scopeMaps/ci-map", world.id());
    let body = |actions: Value| json!({"properties": {"actions": actions}});
    let both = json!([
        "repositories/team/app/content/read",
        "repositories/other/content/read"
    ]);
    world.done("PUT", &map, body(both)).await;
    let passwords = world.token("ci-token", "ci-map", None).await;
    let grant = Grant::Password("ci-token", &passwords[0]);
    let token = bearer(&world.granted(grant).await.unwrap());
    assert_eq!(world.rights(&token).await, "p|p|");
    let one = json!([
        "repositories/other/content/read",
        "repositories/other/content/write"
    ]);
    world.done("PATCH", &map, body(one)).await;
    assert_eq!(world.rights(&token).await, "|p|");
    assert_eq!(
        world.rights(&basic("ci-token", &passwords[0])).await,
        "|pw|"
    );
    world.server.arm("DELETE", &map, None).await;
    assert_eq!(world.rights(&token).await, "||");
}

#[tokio::test]
async fn the_admin_user_stops_with_its_switch_and_its_password() {
    let world = World::with("Standard", json!({"adminUserEnabled": true})).await;
    let old = world.admin_password().await;
    let token = world.granted(Grant::Password(NAME, &old)).await.unwrap();
    let path = format!("{}/regenerateCredential", world.id());
    world.done("POST", &path, json!({"name": "password"})).await;
    assert!(!may_enter(&world, &basic(NAME, &old)).await);
    assert!(world.granted(Grant::Password(NAME, &old)).await.is_err());
    let new = world.admin_password().await;
    assert!(may_enter(&world, &basic(NAME, &new)).await);
    world.patch(json!({"adminUserEnabled": false})).await;
    assert!(!may_enter(&world, &basic(NAME, &new)).await);
    assert!(!may_enter(&world, &bearer(&token)).await);
}

#[tokio::test]
async fn roles_and_principals_count_only_while_they_are_there() {
    let world = World::with("Standard", json!({})).await;
    let program = world.program().await;
    let assignment = world.assign(&world.id(), &program, READER, None).await;
    let secret = program.secret.expose();
    let login = basic(&program.app_id, secret);
    assert_eq!(world.rights(&login).await, "pr|pr|c");
    let answer = world
        .server
        .client_credentials(&program.app_id, secret)
        .await;
    let directory = answer.json()["access_token"].as_str().unwrap().to_owned();
    let registry = world.registry().await;
    let app = &world.server.app;
    let refresh = exchange(app, &registry, &directory).await.unwrap();

    world.server.arm("DELETE", &assignment, None).await;
    assert_eq!(world.rights(&login).await, "||");
    let token = world.granted(Grant::Refresh(&refresh)).await.unwrap();
    assert_eq!(world.rights(&bearer(&token)).await, "||");
    let again = exchange(app, &registry, &directory).await;
    assert!(matches!(again, Err(Refusal::Forbidden)));

    let batch = crate::domain::directory::forget_principal(
        app,
        &program.object_id,
        acr_store::Batch::new(),
    );
    app.meta().commit(batch.await.unwrap()).await.unwrap();
    world.server.advance(TimeDelta::seconds(1));
    assert!(!may_enter(&world, &login).await);
    assert!(world.granted(Grant::Refresh(&refresh)).await.is_err());
    let gone = exchange(app, &registry, &directory).await;
    assert!(matches!(gone, Err(Refusal::Unauthorized { .. })));
}

#[tokio::test]
async fn anonymous_pull_stops_with_its_switch() {
    let world = World::with("Standard", json!({"anonymousPullEnabled": true})).await;
    let token = bearer(&world.granted(Grant::Anonymous).await.unwrap());
    assert!(may_enter(&world, &token).await);
    world.patch(json!({"anonymousPullEnabled": false})).await;
    assert!(!may_enter(&world, &token).await);
    assert!(world.granted(Grant::Anonymous).await.is_err());
}
