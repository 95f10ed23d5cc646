//! Section "Pushing Manifests with Subject".

use crate::server::conformance::repository::{IMAGE, INDEX, Repository, descriptor, sha256};
use serde_json::json;

/// `OCI-Subject` tells that the subject of an image or of an index was seen, by tag and by digest; without a subject
/// the header is not sent.
#[test]
fn an_answer_names_the_subject() {
    let repository = Repository::new("subject/header");
    let image = repository.image("a");
    let plain = repository.put("v1", &image).is(201);
    assert_eq!(plain.header("oci-subject"), None);
    let subject = descriptor(&image);
    let mut artifact = repository.image("b");
    artifact["subject"] = subject.clone();
    let index =
        json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [], "subject": subject});
    for manifest in [&artifact, &index] {
        let digest = sha256(manifest.to_string());
        for reference in ["tag", digest.as_str()] {
            let done = repository.put(reference, manifest).is(201);
            assert_eq!(
                done.need("oci-subject"),
                subject["digest"].as_str().unwrap()
            );
        }
    }
}

/// Push: a manifest whose subject is not there is taken, and once the subject is pushed both are there.
#[test]
fn a_subject_may_come_later() {
    let repository = Repository::new("subject/later");
    let mut image = repository.image("image");
    image["mediaType"] = IMAGE.into();
    let mut artifact = repository.image("artifact");
    artifact["subject"] = descriptor(&image);
    let digest = repository.push("artifact", &artifact);
    let subject = sha256(image.to_string());
    let list = repository
        .get(&format!("referrers/{subject}"))
        .is(200)
        .json();
    assert_eq!(list["manifests"][0]["digest"], digest);
    repository.push("image", &image);
    let list = repository
        .get(&format!("referrers/{subject}"))
        .is(200)
        .json();
    assert_eq!(list["manifests"][0]["digest"], digest);
}
