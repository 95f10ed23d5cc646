//! Section "Pushing Manifests", the parameter `tag` of a push by digest.

use crate::server::conformance::repository::{Repository, sha256, sha512};

/// The tags of a push by digest are made with it, at least ten of them, by either algorithm; `OCI-Tag` names each one
/// that was taken, in the form of a list.
#[test]
fn a_push_by_digest_makes_tags() {
    let repository = Repository::new("tag-parameter/many");
    let image = repository.image("a");
    let text = image.to_string();
    for (start, digest) in [("a", sha256(&text)), ("b", sha512(&text))] {
        let tags: Vec<String> = (0..40).map(|n| format!("{start}{n}")).collect();
        let query: Vec<String> = tags.iter().map(|tag| format!("tag={tag}")).collect();
        let done = repository
            .put(&format!("{digest}?{}", query.join("&")), &image)
            .is(201);
        assert_eq!(done.list("oci-tag"), tags);
        assert_eq!(done.need("docker-content-digest"), digest);
        for tag in &tags {
            let got = repository.get(&format!("manifests/{tag}")).is(200);
            assert_eq!(got.need("docker-content-digest"), digest);
        }
    }
}

/// A tag that was asked for twice is made once, and one that there was moves.
#[test]
fn a_push_by_digest_moves_tags() {
    let repository = Repository::new("tag-parameter/move");
    repository.push_image("latest");
    let image = repository.image("newer");
    let digest = sha256(image.to_string());
    let done = repository
        .put(&format!("{digest}?tag=latest&tag=v2&tag=latest"), &image)
        .is(201);
    assert_eq!(done.list("oci-tag"), ["latest", "v2"]);
    assert_eq!(
        repository
            .head("manifests/latest")
            .need("docker-content-digest"),
        digest
    );
}

/// Too many tags, or one that is none, are refused with a status of the client's fault, and then neither the manifest
/// nor any tag is there; `OCI-Tag` is not sent where no tag was asked for.
#[test]
fn a_push_with_bad_tags_does_nothing() {
    let repository = Repository::new("tag-parameter/bad");
    let image = repository.image("a");
    let digest = sha256(image.to_string());
    let many: Vec<String> = (0..1000).map(|n| format!("tag=t{n}")).collect();
    for query in [
        many.join("&"),
        "tag=good&tag=.bad".to_owned(),
        "tag=good&tag=".to_owned(),
    ] {
        let refused = repository.put(&format!("{digest}?{query}"), &image);
        assert!([400, 414, 431].contains(&refused.status), "{refused:?}");
        repository.get(&format!("manifests/{digest}")).is(404);
        repository.get("manifests/good").is(404);
    }
    let plain = repository.put(&digest, &image).is(201);
    assert_eq!(plain.header("oci-tag"), None);
}
