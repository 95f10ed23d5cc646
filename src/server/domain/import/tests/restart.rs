//! Servers that stop in the middle of an import, and what becomes of it.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    fixture::{World, ended, from_host, job, registry},
    source::Source,
};
use crate::{
    app::App,
    domain::{
        content::{manifest, repository},
        import,
        operation::{self, State},
    },
};

/// Waits until the source was asked for a blob, which it does not give.
async fn stuck(source: &Source, content: &str) {
    let digest = super::source::digest_of(content.as_bytes());
    while !source.has_been_asked("/v2/app/manifests/v1") {
        tokio::task::yield_now().await;
    }
    assert!(!source.has_been_asked(&format!("/v2/app/blobs/{digest}")));
}

/// Takes the store away from the server, and gives it to another one.
async fn restarted(world: &World) -> App {
    world.server.app.meta().close().await;
    world.server.open_again(|_| {}).await.0
}

#[tokio::test]
async fn another_server_takes_the_import_up_and_ends_it() {
    let (world, source) = (World::start().await, Source::start().await);
    let image = source.image("app", Some("v1"), "x");
    source.gate.forget_permits(usize::MAX);
    let id = world
        .begin(from_host(&source.host, "app:v1", &["app:v1"]))
        .await;
    stuck(&source, "x").await;
    assert!(
        world.read("app", "v1").await.is_none(),
        "half an image is none"
    );
    let (again, _) = world.server.open_again(|_| {}).await;
    assert_eq!(
        import::resume(&again).await.unwrap(),
        0,
        "its server may be at work"
    );
    world.server.advance(TimeDelta::seconds(61));
    assert_eq!(import::resume(&again).await.unwrap(), 1);
    assert_eq!(import::resume(&again).await.unwrap(), 0);
    source.gate.add_permits(100);
    assert_eq!(ended(&again, &id).await, State::Succeeded);
    let registry = registry(&again, "target").await;
    let found = repository::find(&again, &registry, &"app".parse().unwrap())
        .await
        .unwrap();
    let manifest = manifest::find(&again, &found, &"v1".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(
        manifest.digest().to_string(),
        image["digest"].as_str().unwrap()
    );
    assert!(!import::is_any(&again).await.unwrap());
}

#[tokio::test]
async fn an_import_whose_credential_is_lost_fails_and_says_so() {
    let (world, source) = (World::start().await, Source::start().await);
    source.image("app", Some("v1"), "x");
    source.gate.forget_permits(usize::MAX);
    let mut body = from_host(&source.host, "app:v1", &["app:v1"]);
    body["source"]["credentials"] = json!({"username": "me", "password": "hunter2"});
    let id = world.begin(body).await;
    let again = restarted(&world).await;
    for collection in ["import", "operation"] {
        let scan = acr_store::Scan {
            collection,
            prefix: "",
            after: None,
            limit: 10,
        };
        for document in again.meta().scan(scan).await.unwrap() {
            assert!(!format!("{document:?}").contains("hunter2"));
        }
    }
    world.server.advance(TimeDelta::seconds(61));
    assert_eq!(import::resume(&again).await.unwrap(), 0);
    let found = operation::find(&again, &id).await.unwrap().unwrap();
    let State::Failed { code, message } = found.state else {
        panic!("{:?}", found.state);
    };
    assert!(
        code == "ImportInterrupted" && message.contains("Begin the import again"),
        "{message}"
    );
}

#[tokio::test]
async fn what_no_server_survives_is_given_up() {
    let (world, source) = (World::start().await, Source::start().await);
    source.image("app", Some("v1"), "x");
    source.gate.forget_permits(usize::MAX);
    let id = world
        .begin(from_host(&source.host, "app:v1", &["app:v1"]))
        .await;
    while job(&world.server.app, &id).await.attempts == 0 {
        tokio::task::yield_now().await;
    }
    let mut again = restarted(&world).await;
    for (attempts, begun) in [(1, 1), (2, 1), (3, 0)] {
        world.server.advance(TimeDelta::seconds(61));
        assert_eq!(import::resume(&again).await.unwrap(), begun);
        let state = operation::find(&again, &id).await.unwrap().unwrap().state;
        // Only what has begun counts, so its beginning is waited for.
        while begun > 0 && job(&again, &id).await.attempts == attempts {
            tokio::task::yield_now().await;
        }
        match begun {
            0 => assert!(
                matches!(&state, State::Failed { code, .. } if code == "ImportInterrupted"),
                "{state:?}"
            ),
            _ => assert_eq!(state, State::Running),
        }
        again.meta().close().await;
        again = world.server.open_again(|_| {}).await.0;
    }
}
