//! Sources that lie, that never end and that lead elsewhere: the import fails, says whose fault it is, and leaves no name.

use serde_json::{Value, json};

use super::{
    fixture::{World, from_host},
    source::{OCI_INDEX, Said, Source, digest_of, index, redirect},
};

/// Imports `app:v1` and expects a failure with this code that leaves nothing to be seen.
async fn refused(world: &World, source: &Source, code: &str) -> String {
    let (found, message) = world
        .fail(from_host(&source.host, "app:v1", &["app:v1"]))
        .await;
    assert_eq!(found, code, "{message}");
    assert!(world.read("app", "v1").await.is_none());
    message
}

fn layer(content: &str) -> String {
    format!("/v2/app/blobs/{}", digest_of(content.as_bytes()))
}

#[tokio::test]
async fn wrong_bytes_are_not_kept() {
    let (world, source) = (World::start().await, Source::start().await);
    source.image("app", Some("v1"), "right");
    source.change(&layer("right"), |reply| {
        reply.body = Said::Bytes("wrong".into())
    });
    let message = refused(&world, &source, "SourceDamaged").await;
    assert!(message.contains("is damaged"), "{message}");
    let digest = digest_of(b"right").to_string();
    assert!(world.blob("app", &digest).await.is_none());
}

#[tokio::test]
async fn bytes_without_end_are_not_awaited() {
    let (world, source) = (World::start().await, Source::start().await);
    source.image("app", Some("v1"), "right");
    source.change(&layer("right"), |reply| reply.body = Said::Endless);
    refused(&world, &source, "SourceDamaged").await;
    source.change("/v2/app/manifests/v1", |reply| reply.body = Said::Endless);
    refused(&world, &source, "SourceUnreachable").await;
}

#[tokio::test]
async fn a_manifest_has_its_limits() {
    let (world, source) = (World::start().await, Source::start().await);
    let mut body = source.image_body("app", "x");
    body["annotations"] = json!({"a": "x".repeat(5 << 20)});
    source.manifest("app", Some("v1"), &body);
    refused(&world, &source, "SourceInvalid").await;
    let mut body = source.image_body("app", "x");
    body["manifests"] = json!([]);
    source.manifest("app", Some("v1"), &body);
    refused(&world, &source, "SourceInvalid").await;
}

#[tokio::test]
async fn lists_have_limits_of_depth_and_number() {
    let (world, source) = (World::start().await, Source::start().await);
    let mut top = source.image("app", None, "x");
    for _ in 0..20 {
        top = source.manifest("app", Some("v1"), &index(&[top]));
    }
    refused(&world, &source, "ImageTooLarge").await;
    let many: Vec<Value> = (0..2001)
        .map(|n: u32| json!({"mediaType": OCI_INDEX, "digest": digest_of(&n.to_be_bytes()), "size": 1}))
        .collect();
    source.manifest("app", Some("v1"), &index(&many));
    refused(&world, &source, "ImageTooLarge").await;
}

#[tokio::test]
async fn a_blob_larger_than_any_is_not_begun() {
    let (world, source) = (World::start().await, Source::start().await);
    let mut body = source.image_body("app", "x");
    body["layers"][0]["size"] = json!(1_u64 << 50);
    source.manifest("app", Some("v1"), &body);
    refused(&world, &source, "ImageTooLarge").await;
    assert!(!source.has_been_asked(&layer("x")));
}

#[tokio::test]
async fn a_digest_that_is_not_that_of_the_manifest_is_noticed() {
    let (world, source) = (World::start().await, Source::start().await);
    source.image("app", Some("v1"), "x");
    let other = digest_of(b"other").to_string();
    source.change("/v2/app/manifests/v1", |reply| {
        reply
            .headers
            .retain(|(name, _)| *name != "docker-content-digest");
        reply.headers.push(("docker-content-digest", other.clone()));
    });
    refused(&world, &source, "SourceDamaged").await;
}

#[tokio::test]
async fn ways_without_end_and_ways_off_the_network_are_not_gone() {
    let (world, source) = (World::start().await, Source::start().await);
    source.image("app", Some("v1"), "x");
    for target in [
        layer("x"),
        "file:///etc/passwd".to_owned(),
        "http://169.254.169.254/metadata".to_owned(),
        "http://example.org/x".to_owned(),
    ] {
        source.reply(&layer("x"), redirect(&target));
        refused(&world, &source, "SourceInvalid").await;
    }
}

#[tokio::test]
async fn a_credential_stays_with_its_host() {
    let (world, source, other) = (
        World::start().await,
        Source::start().await,
        Source::start().await,
    );
    source.image("app", Some("v1"), "x");
    other.blob("app", b"x");
    source.want("Basic bWU6c2VjcmV0", "Basic realm=\"x\"");
    source.reply(
        &layer("x"),
        redirect(&format!("http://{}{}", other.host, layer("x"))),
    );
    let mut body = from_host(&source.host, "app:v1", &["app:v1"]);
    body["source"]["credentials"] = json!({"username": "me", "password": "secret"});
    world.import(body).await;
    assert!(world.read("app", "v1").await.is_some());
    assert_eq!(other.authorizations(&layer("x")), [None]);
}

#[tokio::test]
async fn this_machine_is_asked_only_by_the_name_localhost() {
    let (world, source) = (World::start().await, Source::start().await);
    source.image("app", Some("v1"), "x");
    let port = source.host.rsplit(':').next().unwrap();
    for host in [
        "127.0.0.1",
        "[::1]",
        "0.0.0.0",
        "2130706433",
        "169.254.169.254",
    ] {
        let body = from_host(&format!("{host}:{port}"), "app:v1", &["app:v1"]);
        let (code, message) = world.fail(body).await;
        assert_eq!(code, "SourceUnreachable", "{host}: {message}");
        assert!(message.contains("may not go"), "{host}: {message}");
    }
    assert!(!source.has_been_asked("/v2/app/manifests/v1"));
}

#[tokio::test]
async fn blobs_of_others_are_not_to_be_had_by_their_names() {
    let (world, source) = (World::start().await, Source::start().await);
    world.push("target", "secret", "v1", "the secret").await;
    source.image("app", Some("v1"), "the secret");
    source.forget(&layer("the secret"));
    refused(&world, &source, "SourceNotFound").await;
    let digest = digest_of(b"the secret").to_string();
    assert!(world.blob("app", &digest).await.is_none());
    assert!(world.blob("secret", &digest).await.is_some());
}
