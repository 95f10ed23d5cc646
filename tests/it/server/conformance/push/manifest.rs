//! Section "Pushing Manifests".

use crate::server::conformance::repository::{IMAGE, INDEX, Repository, sha256, sha512};
use serde_json::json;

/// The manifest is kept byte for byte; the answer is 201, with a `Location` from which it can be pulled and a digest
/// that is the client's.
#[test]
fn a_manifest_is_kept_as_it_is() {
    let repository = Repository::new("manifest/exact");
    let image = repository.image("a");
    // Blanks, order, escapes and members that nobody knows are part of it.
    let text = format!(
        "\n {{ \"x-own\" : \"\\u00e4\\/\", \"annotations\":{{\"b\":\"\",\"a\":\"ü\"}},\t\"layers\" : {}, \"config\":{},\r\n\"mediaType\":\"{IMAGE}\",\"schemaVersion\":2 }}\n",
        image["layers"], image["config"]
    );
    let digest = sha256(&text);
    for reference in ["v1", digest.as_str()] {
        let path = format!("manifests/{reference}");
        let done = repository
            .send("PUT", &path, &[("Content-Type", IMAGE)], &text)
            .is(201);
        assert_eq!(done.need("docker-content-digest"), digest);
        let got = repository.get(done.need("location")).is(200);
        assert_eq!(got.body, text.as_bytes());
        assert_eq!(got.need("docker-content-digest"), digest);
    }
}

/// The digest of the answer is equal to the one the client gave, by either algorithm; a manifest with the digest of
/// another one is refused.
#[test]
fn a_manifest_has_the_digest_it_is_pushed_with() {
    let repository = Repository::new("manifest/digest");
    let image = repository.image("a");
    for digest in [sha256(image.to_string()), sha512(image.to_string())] {
        let done = repository.put(&digest, &image).is(201);
        assert_eq!(done.need("docker-content-digest"), digest);
        let got = repository.get(&format!("manifests/{digest}")).is(200);
        assert_eq!(got.need("docker-content-digest"), digest);
    }
    for other in [sha256("other"), sha512("other")] {
        let refused = repository.put(&other, &image).is(400);
        assert_eq!(refused.code(), "DIGEST_INVALID");
        repository.get(&format!("manifests/{other}")).is(404);
    }
}

/// `Content-Type` counts without its parameters; without the header the manifest's own word counts; a header that
/// says another thing than the manifest is refused.
#[test]
fn a_manifest_is_what_header_and_body_say() {
    let repository = Repository::new("manifest/type");
    let image = repository.image("a").to_string();
    for kind in [
        &[(
            "Content-Type",
            "application/vnd.oci.image.manifest.v1+json; charset=utf-8",
        )][..],
        &[(
            "Content-Type",
            "application/vnd.oci.image.manifest.v1+json;a=\"b;c\"",
        )],
        &[],
    ] {
        repository.send("PUT", "manifests/v1", kind, &image).is(201);
        assert_eq!(
            repository.get("manifests/v1").is(200).need("content-type"),
            IMAGE
        );
    }
    let refused = repository.send("PUT", "manifests/v2", &[("Content-Type", INDEX)], &image);
    assert_eq!(refused.is(400).code(), "MANIFEST_INVALID");
    repository.get("manifests/v2").is(404);
}

/// The list of blobs may be empty, and the members of an index too.
#[test]
fn a_manifest_may_refer_to_little() {
    let repository = Repository::new("manifest/empty");
    let image = json!({
        "schemaVersion": 2, "mediaType": IMAGE, "artifactType": "application/vnd.example",
        "config": repository.part("application/vnd.oci.empty.v1+json", "{}"), "layers": [],
    });
    repository.push("image", &image);
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": []});
    repository.push("index", &index);
    for tag in ["image", "index"] {
        repository.get(&format!("manifests/{tag}")).is(200);
    }
}

/// A repository begins with its first push; before it, what is pulled from it is 404.
#[test]
fn a_repository_that_is_not_there_is_not_found() {
    let repository = Repository::new("manifest/first");
    for path in [
        "manifests/v1".to_owned(),
        format!("blobs/{}", sha256("a")),
        "tags/list".to_owned(),
    ] {
        repository.get(&path).is(404);
    }
    repository.push_image("v1");
    repository.get("manifests/v1").is(200);
}

/// Manifests of 4 megabytes are taken; larger ones are refused with 413 and not stored, though their length is not
/// said before.
#[test]
fn a_manifest_has_a_largest_size() {
    const LARGEST: usize = 4 * 1024 * 1024;
    let repository = Repository::new("manifest/size");
    let mut image = repository.image("a");
    image["annotations"] = json!({"filler": ""});
    let filler = "x".repeat(LARGEST - image.to_string().len());
    image["annotations"]["filler"] = filler.into();
    let text = image.to_string();
    assert_eq!(text.len(), LARGEST);
    let kind = ("Content-Type", IMAGE);
    repository
        .send("PUT", "manifests/largest", &[kind], &text)
        .is(201);
    assert_eq!(
        repository.get("manifests/largest").is(200).body,
        text.as_bytes()
    );
    let larger = format!("{text} ");
    let refused = repository
        .send("PUT", "manifests/larger", &[kind], &larger)
        .is(413);
    assert_eq!(refused.code(), "MANIFEST_INVALID");
    let chunked = format!("{:x}\r\n{larger}\r\n0\r\n\r\n", larger.len());
    let headers = [kind, ("Transfer-Encoding", "chunked")];
    repository
        .send("PUT", "manifests/larger", &headers, &chunked)
        .is(413);
    repository.get("manifests/larger").is(404);
}

/// What is no manifest is refused, and a tag that names one keeps naming it.
#[test]
fn what_is_no_manifest_is_refused() {
    let repository = Repository::new("manifest/invalid");
    let digest = repository.push_image("v1");
    let no_config = json!({"schemaVersion": 2, "mediaType": IMAGE, "layers": []}).to_string();
    let two_things = json!({
        "schemaVersion": 2, "mediaType": INDEX, "manifests": [], "layers": [], "config": {},
    });
    for bad in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        &no_config,
        &two_things.to_string(),
    ] {
        let refused = repository.send("PUT", "manifests/v1", &[("Content-Type", IMAGE)], bad);
        assert_eq!(refused.is(400).code(), "MANIFEST_INVALID", "{bad}");
    }
    assert_eq!(
        repository.get("manifests/v1").need("docker-content-digest"),
        digest
    );
}
