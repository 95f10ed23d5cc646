//! Section "Content Management": deleting tags, manifests and blobs.

use super::repository::{Repository, sha256};
use serde_json::json;

/// Deleting tags: 202; then the tag is 404, and the manifest and its other tags are as they were.
#[test]
fn a_tag_is_deleted() {
    let repository = Repository::new("management/tag");
    let image = repository.image("a");
    let digest = repository.push("v1", &image);
    repository.push("v2", &image);
    repository.delete("manifests/v1").is(202);
    repository.get("manifests/v1").is(404);
    repository.delete("manifests/v1").is(404);
    for reference in ["v2", digest.as_str()] {
        repository.get(&format!("manifests/{reference}")).is(200);
    }
    assert_eq!(repository.get("tags/list").json()["tags"], json!(["v2"]));
}

/// Deleting manifests: 202; then the digest and every tag that pointed to it are 404.
#[test]
fn a_manifest_is_deleted_with_its_tags() {
    let repository = Repository::new("management/manifest");
    let image = repository.image("a");
    let digest = repository.push("v1", &image);
    repository.push("v2", &image);
    let other = repository.push_image("other");
    repository.delete(&format!("manifests/{digest}")).is(202);
    for reference in ["v1", "v2", digest.as_str()] {
        let path = format!("manifests/{reference}");
        repository.get(&path).is(404);
        repository.head(&path).is(404);
    }
    repository.get(&format!("manifests/{other}")).is(200);
    assert_eq!(repository.get("tags/list").json()["tags"], json!(["other"]));
    repository.delete(&format!("manifests/{digest}")).is(404);
    // It can come back.
    repository.push("v1", &image);
    repository.get("manifests/v1").is(200);
}

/// Deleting manifests: in a repository that is not there it is 404, for tags and blobs too.
#[test]
fn nothing_is_deleted_where_there_is_nothing() {
    let repository = Repository::new("management/nothing");
    let digest = sha256("a");
    for path in [
        "manifests/v1".to_owned(),
        format!("manifests/{digest}"),
        format!("blobs/{digest}"),
    ] {
        repository.delete(&path).is(404);
    }
}

/// Deleting blobs: 202, then 404; one that is not there is 404; other repositories keep theirs.
#[test]
fn a_blob_is_deleted() {
    let repository = Repository::new("management/blob");
    let other = Repository::on(&repository.shared, "management/other-blob");
    let path = format!("blobs/{}", repository.push_blob("blob"));
    other.push_blob("blob");
    repository.delete(&path).is(202);
    repository.get(&path).is(404);
    repository.head(&path).is(404);
    repository.delete(&path).is(404);
    other.get(&path).is(200);
    repository.push_blob("blob");
    repository.get(&path).is(200);
}

/// Where deletion is disabled, of tags, of manifests and of blobs, the answer is 405 and everything stays.
#[test]
fn what_is_locked_is_not_deleted() {
    let repository = Repository::new("management/locked");
    let digest = repository.push_image("v1");
    let blob = sha256("v1");
    let lock = |path: &str, is_open: bool| {
        let change = json!({"deleteEnabled": is_open}).to_string();
        let target = format!("/acr/v1/{}{path}", repository.name);
        repository
            .send(
                "PATCH",
                &target,
                &[("Content-Type", "application/json")],
                change,
            )
            .is(200);
    };
    let refused = |path: &str| {
        let refused = repository.delete(path).is(405);
        assert_eq!(refused.code(), "REGISTRY_DISALLOWED_OPERATION", "{path}");
        repository.get(path).is(200);
    };
    lock("/_tags/v1", false);
    refused("manifests/v1");
    lock("/_tags/v1", true);
    lock(&format!("/_manifests/{digest}"), false);
    refused(&format!("manifests/{digest}"));
    lock(&format!("/_manifests/{digest}"), true);
    lock("", false);
    for path in [
        "manifests/v1".to_owned(),
        format!("manifests/{digest}"),
        format!("blobs/{blob}"),
    ] {
        refused(&path);
    }
    lock("", true);
    // A blob that a manifest needs stays as long as the manifest.
    refused(&format!("blobs/{blob}"));
    repository.delete(&format!("manifests/{digest}")).is(202);
}
