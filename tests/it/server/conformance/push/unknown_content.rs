//! Section "Push": manifests that refer to what the repository does not have.

use crate::server::conformance::repository::{INDEX, Repository, Shared, descriptor, sha256};
use serde_json::json;
use std::sync::Arc;

/// An image whose layer or configuration was never pushed may be refused, and then it is with `MANIFEST_BLOB_UNKNOWN`:
/// that is what is chosen here, as Azure does. Nothing is stored or tagged.
#[test]
fn an_image_without_its_blobs_is_refused() {
    let repository = Repository::new("unknown/image");
    let digest = repository.push_image("v1");
    for member in ["config", "layers"] {
        let mut image = repository.image("a");
        let missing =
            json!({"mediaType": "application/vnd.example", "digest": sha256("missing"), "size": 7});
        image[member] = match member {
            "config" => missing,
            _ => json!([missing]),
        };
        let refused = repository.put("v1", &image).is(404);
        assert_eq!(refused.code(), "MANIFEST_BLOB_UNKNOWN");
        repository
            .get(&format!("manifests/{}", sha256(image.to_string())))
            .is(404);
    }
    assert_eq!(
        repository.get("manifests/v1").need("docker-content-digest"),
        digest
    );
}

/// The blobs must be in the repository itself: that another one has them does not help.
#[test]
fn an_image_with_the_blobs_of_another_repository_is_refused() {
    let owner = Repository::new("unknown/owner");
    let image = owner.image("a");
    let other = Repository::on(&owner.shared, "unknown/other");
    assert_eq!(
        other.put("v1", &image).is(404).code(),
        "MANIFEST_BLOB_UNKNOWN"
    );
}

/// An index whose manifests are not there is taken: mirrors keep the platforms they need.
#[test]
fn an_index_without_its_manifests_is_taken() {
    let repository = Repository::new("unknown/index");
    let there = repository.image("amd64");
    repository.push("amd64", &there);
    let missing = json!({"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": sha256("arm64"), "size": 500});
    let index = json!({
        "schemaVersion": 2, "mediaType": INDEX, "manifests": [descriptor(&there), missing],
    });
    let digest = repository.push("v1", &index);
    assert_eq!(
        repository
            .get("manifests/v1")
            .is(200)
            .need("docker-content-digest"),
        digest
    );
    repository
        .get(&format!("manifests/{}", sha256("arm64")))
        .is(404);
}

/// A server that was told so takes such images too; the blobs can follow, and are then kept like others.
#[test]
fn a_server_can_be_told_to_take_sparse_images() {
    let shared = Arc::new(Shared::start(&["--sparse-images"]));
    let repository = Repository::on(&shared, "unknown/sparse");
    let mut image = repository.image("a");
    image["layers"] = json!([{"mediaType": "a/b", "digest": sha256("layer"), "size": 5}]);
    let digest = repository.push("v1", &image);
    assert_eq!(
        repository
            .get("manifests/v1")
            .is(200)
            .need("docker-content-digest"),
        digest
    );
    let layer = format!("blobs/{}", sha256("layer"));
    repository.get(&layer).is(404);
    repository.push_blob("layer");
    repository.get(&layer).is(200);
    repository.delete(&layer).is(405);
}
