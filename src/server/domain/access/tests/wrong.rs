//! What is no proof, or no proof any more.

use acr_api::auth::{Action, Scope};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::world::{HOST, NAME, TOKEN_USER, World, basic, bearer};
use crate::domain::{
    access::{Demand, Grant, Refusal, exchange},
    role::OWNER,
};

async fn is_refused(world: &World, authorization: &str, error: Option<&str>) {
    match world.knock(Some(authorization), Demand::Entry).await {
        Err(Refusal::Unauthorized {
            scopes,
            error: given,
        }) => assert_eq!((scopes, given), (Vec::new(), error), "{authorization}"),
        Err(other) => panic!("{authorization}: {other:?}"),
        Ok(access) => panic!("{authorization} is {:?}", access.identity()),
    }
}

#[tokio::test]
async fn what_is_malformed_or_unknown_is_refused() {
    let world = World::with("Standard", json!({"adminUserEnabled": true})).await;
    let program = world.program().await;
    let secret = program.secret.expose();
    let directory = world
        .server
        .client_credentials(&program.app_id, secret)
        .await;
    let directory = directory.json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    for authorization in [
        "Bearer".to_owned(),
        "Basic".to_owned(),
        "Basic !!!".to_owned(),
        "Basic bm9jb2xvbg==".to_owned(),
        format!("Digest {directory}"),
        basic(NAME, "wrong"),
        basic(NAME, ""),
        basic("", ""),
        basic("nobody", "wrong"),
        basic(&program.app_id, "wrong"),
        basic(&program.object_id, secret),
        basic(TOKEN_USER, "wrong"),
        basic(TOKEN_USER, &directory),
        basic("../tokens/x", "wrong"),
        basic("t", &"x".repeat(2000)),
    ] {
        is_refused(&world, &authorization, None).await;
    }
    for token in ["", "x", "a.b.c", &directory, &"x".repeat(100_000)] {
        is_refused(&world, &bearer(token), Some("invalid_token")).await;
    }
    let missing = world.knock(None, Demand::Entry).await;
    assert!(matches!(
        missing,
        Err(Refusal::Unauthorized { error: None, .. })
    ));
}

#[tokio::test]
async fn tokens_end_and_belong_to_one_registry() {
    let world = World::with("Standard", json!({"adminUserEnabled": true})).await;
    let other = json!({"adminUserEnabled": true});
    world.server.create("fabrikam", "Standard", other).await;
    let password = world.admin_password().await;
    let token = world
        .granted(Grant::Password(NAME, &password))
        .await
        .unwrap();
    assert!(
        world
            .knock(Some(&bearer(&token)), Demand::Entry)
            .await
            .is_ok()
    );

    let changed = format!("{}x", &token[..token.len() - 1]);
    is_refused(&world, &bearer(&changed), Some("invalid_token")).await;

    let program = world.program().await;
    world.assign(&world.id(), &program, OWNER, None).await;
    let directory = world
        .server
        .client_credentials(&program.app_id, program.secret.expose())
        .await;
    let directory = directory.json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let registry = world.registry().await;
    let refresh = exchange(&world.server.app, &registry, &directory)
        .await
        .unwrap();
    // A refresh token is no access token, and the other way round.
    is_refused(&world, &bearer(&refresh), Some("invalid_token")).await;
    assert!(world.granted(Grant::Refresh(&token)).await.is_err());

    // The same name later is another registry.
    let path = world.id();
    world.server.arm("DELETE", &path, None).await;
    world.server.advance(TimeDelta::seconds(2));
    let again = json!({"adminUserEnabled": true});
    world.server.create(NAME, "Standard", again).await;
    is_refused(&world, &bearer(&token), Some("invalid_token")).await;
    assert!(world.granted(Grant::Refresh(&refresh)).await.is_err());

    let password = world.admin_password().await;
    let token = world
        .granted(Grant::Password(NAME, &password))
        .await
        .unwrap();
    world.server.advance(TimeDelta::seconds(4499));
    assert!(
        world
            .knock(Some(&bearer(&token)), Demand::Entry)
            .await
            .is_ok()
    );
    world.server.advance(TimeDelta::seconds(1));
    is_refused(&world, &bearer(&token), Some("invalid_token")).await;
}

#[tokio::test]
async fn a_token_of_another_registry_does_not_open_this_one() {
    let world = World::with("Standard", json!({"adminUserEnabled": true})).await;
    let password = world.admin_password().await;
    let token = world
        .granted(Grant::Password(NAME, &password))
        .await
        .unwrap();
    world
        .server
        .create("fabrikam", "Standard", json!({"adminUserEnabled": true}))
        .await;
    let app = &world.server.app;
    let other = crate::domain::access::find(app, "fabrikam.localhost:5480").await;
    let other = other.unwrap().unwrap();
    for authorization in [
        bearer(&token),
        basic(TOKEN_USER, &token),
        basic(NAME, &password),
    ] {
        let knock = crate::domain::access::Knock {
            registry: &other,
            peer: None,
            authorization: Some(&authorization),
        };
        assert!(
            crate::domain::access::admit(app, knock, Demand::Entry)
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn the_challenge_names_what_is_missing() {
    let world = World::with("Standard", json!({})).await;
    let registry = world.registry().await;
    let name = "library/hello-world".parse().unwrap();
    let actions = [Action::Pull, Action::Push];
    for (demand, scope, detail) in [
        (Demand::Entry, None, Value::Null),
        (
            Demand::Catalog,
            Some("registry:catalog:*"),
            json!([{"Type": "registry", "Name": "catalog", "Action": "*"}]),
        ),
        (
            Demand::Repository(&name, &actions),
            Some("repository:library/hello-world:pull,push"),
            json!([{"Type": "repository", "Name": "library/hello-world", "Action": "pull"}, {"Type": "repository", "Name": "library/hello-world", "Action": "push"}]),
        ),
    ] {
        let Err(refusal) = world.knock(None, demand).await else {
            panic!("nobody was let in");
        };
        let challenge = refusal.challenge(&registry.login_server, "https://contoso.localhost:5480");
        let tail = scope
            .map(|scope| format!(",scope=\"{scope}\""))
            .unwrap_or_default();
        assert_eq!(
            challenge.unwrap().to_string(),
            format!("Bearer realm=\"https://{HOST}/oauth2/token\",service=\"{HOST}\"{tail}")
        );
        if let Some(scope) = scope {
            assert!(scope.parse::<Scope>().is_ok());
        }
        let text = String::from_utf8(refusal.body().to_bytes()).unwrap();
        let message =
            "authentication required, visit https://aka.ms/acr/authorization for more information.";
        let expected =
            json!({"errors": [{"code": "UNAUTHORIZED", "message": message, "detail": detail}]});
        assert_eq!(text, format!("{expected}\n"));
    }
}

#[tokio::test]
async fn who_guesses_is_slowed_down_and_who_knows_is_not() {
    let world = World::with("Standard", json!({"adminUserEnabled": true})).await;
    let password = world.admin_password().await;
    for _ in 0..10 {
        is_refused(&world, &basic(NAME, "guess"), None).await;
    }
    let guess = world
        .knock(Some(&basic(NAME, "guess")), Demand::Entry)
        .await;
    assert!(matches!(guess, Err(Refusal::TooMany)));
    let right = world
        .knock(Some(&basic(NAME, &password)), Demand::Entry)
        .await;
    assert!(right.is_ok());
    is_refused(&world, &basic("somebody", "guess"), None).await;
}
