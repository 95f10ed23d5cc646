//! Images of registries elsewhere that behave, each in its own way.

use serde_json::json;

use super::{
    fixture::{World, from_host},
    source::{OCI_INDEX, Source, digest_of, index, ok},
};
use crate::domain::operation::State;

#[tokio::test]
async fn a_nested_index_comes_whole() {
    let (world, source) = (World::start().await, Source::start().await);
    let amd = source.image("app", None, "amd");
    let arm = source.image("app", None, "arm");
    let inner = source.manifest("app", None, &index(std::slice::from_ref(&arm)));
    let outer = source.manifest("app", Some("v1"), &index(&[amd.clone(), inner, arm]));
    let state = world
        .import(from_host(&source.host, "app:v1", &["team/app:v2"]))
        .await;
    assert_eq!(state, State::Succeeded);
    assert_eq!(
        world.digest("team/app", "v2").await.as_deref(),
        outer["digest"].as_str()
    );
    for content in ["amd", "arm"] {
        let digest = digest_of(content.as_bytes()).to_string();
        assert_eq!(world.blob("team/app", &digest).await.unwrap(), content);
    }
    assert!(
        world
            .read("team/app", amd["digest"].as_str().unwrap())
            .await
            .is_some()
    );
}

#[tokio::test]
async fn a_registry_that_says_little_of_its_manifests_will_do() {
    let (world, source) = (World::start().await, Source::start().await);
    let mut body = source.image_body("app", "x");
    body["mediaType"] = "application/vnd.docker.distribution.manifest.v2+json".into();
    let text = body.to_string();
    source.reply("/v2/app/manifests/v1", ok("text/plain", text.as_bytes()));
    let state = world
        .import(from_host(&source.host, "app:v1", &["app:v1"]))
        .await;
    assert_eq!(state, State::Succeeded);
    let (digest, manifest) = world.read("app", "v1").await.unwrap();
    assert_eq!(digest, digest_of(text.as_bytes()));
    assert_eq!(manifest.media_type(), body["mediaType"].as_str().unwrap());
}

#[tokio::test]
async fn what_is_missing_there_may_be_missing_here() {
    let (world, source) = (World::start().await, Source::start().await);
    let here = source.image("app", None, "here");
    let gone = source.image("app", None, "gone");
    let digest = gone["digest"].as_str().unwrap();
    source.forget(&format!("/v2/app/manifests/{digest}"));
    source.manifest("app", Some("v1"), &index(&[here, gone.clone()]));
    let state = world
        .import(from_host(&source.host, "app:v1", &["app:v1"]))
        .await;
    assert_eq!(state, State::Succeeded);
    let (_, manifest) = world.read("app", "v1").await.unwrap();
    assert_eq!(manifest.media_type(), OCI_INDEX);
    assert!(world.read("app", digest).await.is_none());
}

#[tokio::test]
async fn referrers_come_along_when_they_are_asked_for() {
    let (world, source) = (World::start().await, Source::start().await);
    let image = source.image("app", Some("v1"), "x");
    let digest = image["digest"].as_str().unwrap().to_owned();
    let mut signature = source.image_body("app", "signature");
    signature["subject"] = image.clone();
    let signature = source.manifest("app", None, &signature);
    let list = index(std::slice::from_ref(&signature)).to_string();
    let path = format!("/v2/app/referrers/{digest}");
    source.reply(&path, ok(OCI_INDEX, list.as_bytes()));
    let plain = from_host(&source.host, "app:v1", &["plain:v1"]);
    assert_eq!(world.import(plain).await, State::Succeeded);
    assert_eq!(world.referrers("plain", &digest).await, 0);
    let mut signed = from_host(&source.host, "app:v1", &["signed:v1"]);
    signed["includeReferrers"] = true.into();
    assert_eq!(world.import(signed).await, State::Succeeded);
    assert_eq!(world.referrers("signed", &digest).await, 1);
    let content = digest_of(b"signature").to_string();
    assert!(world.blob("signed", &content).await.is_some());
}

#[tokio::test]
async fn one_import_serves_many_names_and_fetches_once() {
    let (world, source) = (World::start().await, Source::start().await);
    let image = source.image("app", Some("v1"), "x");
    let mut body = from_host(&source.host, "app:v1", &["a:1", "b:1", "a:2"]);
    body["untaggedTargetRepositories"] = json!(["c"]);
    assert_eq!(world.import(body).await, State::Succeeded);
    let digest = image["digest"].as_str().unwrap();
    for (repository, reference) in [("a", "1"), ("a", "2"), ("b", "1"), ("c", digest)] {
        assert_eq!(
            world.digest(repository, reference).await.as_deref(),
            Some(digest)
        );
    }
    let blob = digest_of(b"x");
    for repository in ["a", "b", "c"] {
        assert_eq!(
            world.blob(repository, &blob.to_string()).await.unwrap(),
            "x"
        );
    }
    assert_eq!(
        source
            .authorizations(&format!("/v2/app/blobs/{blob}"))
            .len(),
        1
    );
}

#[tokio::test]
async fn layers_that_are_fetched_elsewhere_may_be_missing() {
    let (world, source) = (World::start().await, Source::start().await);
    let mut body = source.image_body("app", "x");
    let mut windows = body["layers"][0].clone();
    windows["digest"] = digest_of(b"windows").to_string().into();
    windows["mediaType"] = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip".into();
    windows["urls"] = json!(["https://example.org/layer"]);
    body["layers"].as_array_mut().unwrap().push(windows);
    source.manifest("app", Some("v1"), &body);
    let state = world
        .import(from_host(&source.host, "app:v1", &["app:v1"]))
        .await;
    assert_eq!(state, State::Succeeded);
}

#[tokio::test]
async fn a_name_and_a_password_are_what_the_source_gets() {
    let (world, source) = (World::start().await, Source::start().await);
    source.image("app", Some("v1"), "x");
    source.want("Basic bWU6c2VjcmV0", "Basic realm=\"x\"");
    let mut body = from_host(&source.host, "app:v1", &["app:v1"]);
    let (code, message) = world.fail(body.clone()).await;
    assert_eq!(code, "SourceUnauthorized");
    assert!(
        message.contains(&format!("The source registry '{}'", source.host)),
        "{message}"
    );
    body["source"]["credentials"] = json!({"username": "me", "password": "wrong"});
    let (code, message) = world.fail(body.clone()).await;
    assert!(
        code == "SourceUnauthorized" && !message.contains("wrong"),
        "{message}"
    );
    body["source"]["credentials"] = json!({"username": "me", "password": "secret"});
    assert_eq!(world.import(body).await, State::Succeeded);
}
