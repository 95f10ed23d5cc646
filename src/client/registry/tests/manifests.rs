//! Manifests and what refers to them.

use crate::registry::testing::{Fake, Faults};
use crate::registry::{Error, Hasher, ManifestDocument};
use acr_api::oci::{Algorithm, Descriptor, Digest, Reference, RepositoryName, media_type};

fn a() -> RepositoryName {
    "a".parse().unwrap()
}

fn reference(text: &str) -> Reference {
    text.parse().unwrap()
}

fn document(body: &str) -> ManifestDocument {
    ManifestDocument {
        digest: Hasher::digest(Algorithm::Sha256, body.as_bytes()),
        media_type: media_type::IMAGE_INDEX.to_owned(),
        bytes: body.to_owned().into(),
    }
}

#[tokio::test]
async fn what_is_stored_comes_back_byte_for_byte() {
    let fake = Fake::start(Faults::default()).await;
    let client = fake.client();
    let body = "{\n  \"schemaVersion\": 2, \"manifests\": [] , \"odd\":1}\n";
    let stored = client
        .put_manifest(&a(), &reference("v1"), &document(body))
        .await
        .unwrap();
    assert_eq!(stored.digest, document(body).digest);
    assert_eq!(stored.subject, None);
    let read = client.get_manifest(&a(), &reference("v1")).await.unwrap();
    assert_eq!(read, document(body));
    let head = client
        .head_manifest(&a(), &reference("v1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(head.digest, read.digest);
    assert_eq!(head.size, Some(body.len() as u64));
    assert!(
        client
            .delete_manifest(&a(), &reference("v1"))
            .await
            .unwrap()
    );
    assert!(
        client
            .head_manifest(&a(), &reference("v1"))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        !client
            .delete_manifest(&a(), &reference("v1"))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn a_manifest_under_a_wrong_digest_is_refused() {
    let fake = Fake::start(Faults::default()).await;
    let other = Hasher::digest(Algorithm::Sha256, b"other");
    fake.add_manifest("a", &other.to_string(), media_type::IMAGE_INDEX, "{}");
    let error = fake
        .client()
        .get_manifest(&a(), &Reference::Digest(other))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Damage(found) if found.expected == other));
}

#[tokio::test]
async fn a_refusal_names_host_code_and_correlation() {
    let fake = Fake::start(Faults::default()).await;
    let error = fake
        .client()
        .get_manifest(&a(), &reference("v1"))
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    let text = error.to_string();
    for part in [
        fake.host.as_str(),
        "a:v1",
        "MANIFEST_UNKNOWN",
        "fake-id",
        "the fake says no",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

fn artifact(subject: Digest, artifact_type: &str) -> String {
    let empty = Hasher::digest(Algorithm::Sha256, b"{}");
    serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::IMAGE_MANIFEST, "artifactType": artifact_type,
        "config": {"mediaType": media_type::EMPTY, "digest": empty, "size": 2}, "layers": [],
        "subject": {"mediaType": media_type::IMAGE_INDEX, "digest": subject, "size": 2},
    })
    .to_string()
}

#[tokio::test]
async fn referrers_are_listed_and_chosen_here_if_the_registry_does_not() {
    let fake = Fake::start(Faults::default()).await;
    let subject = fake.add_manifest("a", "v1", media_type::IMAGE_INDEX, "{}");
    for kind in ["text/sbom", "text/signature"] {
        fake.add_manifest(
            "a",
            kind,
            media_type::IMAGE_MANIFEST,
            &artifact(subject, kind),
        );
    }
    let client = fake.client();
    assert_eq!(
        client.referrers(&a(), &subject, None).await.unwrap().len(),
        2
    );
    let found = client
        .referrers(&a(), &subject, Some("text/sbom"))
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].artifact_type.as_deref(), Some("text/sbom"));
}

#[tokio::test]
async fn without_the_api_a_tag_keeps_account() {
    let fake = Fake::start(Faults {
        has_no_referrers: true,
        ..Faults::default()
    })
    .await;
    let client = fake.client();
    let subject = Hasher::digest(Algorithm::Sha256, b"subject");
    assert!(
        client
            .referrers(&a(), &subject, None)
            .await
            .unwrap()
            .is_empty()
    );
    for content in ["one", "two", "one"] {
        let digest = Hasher::digest(Algorithm::Sha256, content.as_bytes());
        let mut referrer = Descriptor::new(media_type::IMAGE_MANIFEST, digest, 3);
        referrer.artifact_type = Some(format!("text/{content}"));
        client
            .put_referrer_by_tag(&a(), &subject, referrer)
            .await
            .unwrap();
    }
    assert_eq!(
        client.referrers(&a(), &subject, None).await.unwrap().len(),
        2
    );
    let found = client
        .referrers(&a(), &subject, Some("text/two"))
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
}
