//! Section "Pull": manifests, blobs, and whether they are there.

use super::repository::{IMAGE, INDEX, Repository, sha256, sha512};
use serde_json::json;

/// Pulling manifests: a manifest that is there is answered with 200 and exactly what was pushed, by its tag and by its
/// digest, with its digest in `Docker-Content-Digest`; Checking: HEAD says the same and the size, without the body.
#[test]
fn a_manifest_is_given_by_tag_and_by_digest() {
    let repository = Repository::new("pull/manifest");
    let manifest = repository.image("a");
    let digest = repository.push("v1", &manifest);
    for reference in ["v1", digest.as_str()] {
        let path = format!("manifests/{reference}");
        let got = repository.get(&path).is(200);
        assert_eq!(got.body, manifest.to_string().as_bytes());
        assert_eq!(got.need("docker-content-digest"), digest);
        let head = repository.head(&path).is(200);
        assert_eq!(head.need("docker-content-digest"), digest);
        assert_eq!(head.need("content-length"), got.body.len().to_string());
        assert!(head.body.is_empty());
    }
}

/// Pulling manifests: `Content-Type` is the type of the manifest, as it was pushed, and has no parameters.
#[test]
fn a_manifest_is_given_as_what_it_was_pushed_as() {
    let repository = Repository::new("pull/content-type");
    let image = repository.image("a");
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": []});
    let docker = "application/vnd.docker.distribution.manifest.v2+json";
    let mut docker_image = image.clone();
    docker_image["mediaType"] = docker.into();
    for (tag, manifest, kind) in [
        ("image", &image, IMAGE),
        ("index", &index, INDEX),
        ("docker", &docker_image, docker),
    ] {
        repository.push(tag, manifest);
        for method in ["GET", "HEAD"] {
            let path = format!("manifests/{tag}");
            let answer = repository
                .send(method, &path, &[("Accept", "*/*")], "")
                .is(200);
            assert_eq!(answer.need("content-type"), kind);
        }
    }
    let headers = [(
        "Content-Type",
        "application/vnd.oci.image.manifest.v1+json; charset=utf-8",
    )];
    repository
        .send("PUT", "manifests/parameter", &headers, image.to_string())
        .is(201);
    let answer = repository.get("manifests/parameter").is(200);
    assert_eq!(answer.need("content-type"), IMAGE);
}

/// Pulling manifests: what is not there is 404, by tag, by digest, in a repository that is not there, and for HEAD.
#[test]
fn a_manifest_that_is_not_there_is_not_found() {
    let repository = Repository::new("pull/missing");
    let missing = sha256("nothing");
    let look = || {
        for reference in ["latest", missing.as_str()] {
            let path = format!("manifests/{reference}");
            repository.get(&path).is(404);
            repository.head(&path).is(404);
        }
    };
    look();
    repository.push_image("v1");
    look();
    let elsewhere = Repository::on(&repository.shared, "pull/elsewhere");
    elsewhere.get("manifests/v1").is(404);
}

/// Pulling manifests: what names a manifest is a digest or a tag of at most 128 characters of the grammar, and nothing
/// else: no such thing is ever found or taken.
#[test]
fn a_name_of_a_manifest_is_a_digest_or_a_tag() {
    let repository = Repository::new("pull/reference");
    let manifest = repository.image("a");
    let longest = "a".repeat(128);
    for tag in ["_", "A", "0.1-b_c", longest.as_str()] {
        let digest = repository.push(tag, &manifest);
        let answer = repository.get(&format!("manifests/{tag}")).is(200);
        assert_eq!(answer.need("docker-content-digest"), digest);
    }
    let too_long = "a".repeat(129);
    for bad in [
        ".a",
        "-a",
        "a%20b",
        "a+b",
        "%C3%A4",
        "sha256:abc",
        "sha256:",
        "md5:00",
        &too_long,
    ] {
        repository.get(&format!("manifests/{bad}")).is(404);
        let refused = repository.put(bad, &manifest);
        assert!([400, 404].contains(&refused.status), "{bad}: {refused:?}");
    }
}

/// Pulling manifests: the name of a repository is made of components of the grammar; with another one nothing is found
/// or taken.
#[test]
fn a_repository_has_a_name_of_the_grammar() {
    for good in [
        "a",
        "0/1",
        "a.b/c_d/e__f/g-h/i---j",
        "pull/blobs/manifests/uploads",
    ] {
        let repository = Repository::new(good);
        repository.push_image("v1");
        repository.get("manifests/v1").is(200);
    }
    let repository = Repository::new("pull/grammar");
    let manifest = repository.image("a").to_string();
    let headers = [("Content-Type", IMAGE)];
    for bad in [
        "A", "a..b", "a___b", "-a", "a-", "a//b", "a/", "_a", "a%2F", "a/.", "a%00", "a.-b",
    ] {
        let path = format!("/v2/{bad}/manifests/v1");
        for method in ["GET", "HEAD", "PUT"] {
            let answer = repository.send(method, &path, &headers, &manifest);
            assert!(
                [400, 404].contains(&answer.status),
                "{method} {bad}: {answer:?}"
            );
        }
    }
}

/// Pulling blobs: a blob that is there is answered with 200 and its bytes, with its digest in `Docker-Content-Digest`;
/// Checking: HEAD says the same and the size.
#[test]
fn a_blob_is_given_by_its_digest() {
    let repository = Repository::new("pull/blob");
    for content in ["", "a", "a blob of more than a few bytes"] {
        let digest = repository.push_blob(content);
        let path = format!("blobs/{digest}");
        let got = repository.get(&path).is(200);
        assert_eq!(got.body, content.as_bytes());
        // The header matches the body, whose digest is the one asked for.
        assert_eq!(got.need("docker-content-digest"), sha256(&got.body));
        let head = repository.head(&path).is(200);
        assert_eq!(head.need("docker-content-digest"), digest);
        assert_eq!(head.need("content-length"), content.len().to_string());
    }
}

/// Pulling blobs, by another algorithm: the header names the digest that was asked for.
#[test]
fn a_blob_is_given_by_the_digest_it_was_pushed_with() {
    let repository = Repository::new("pull/sha512");
    let digest = sha512("a");
    repository
        .send("POST", &format!("blobs/uploads/?digest={digest}"), &[], "a")
        .is(201);
    let path = format!("blobs/{digest}");
    let got = repository.get(&path).is(200);
    assert_eq!(
        (got.body.as_slice(), got.need("docker-content-digest")),
        (&b"a"[..], digest.as_str())
    );
    assert_eq!(
        repository.head(&path).is(200).need("docker-content-digest"),
        digest
    );
    repository.get(&format!("blobs/{}", sha256("a"))).is(404);
}

/// Pulling blobs: what is not in the repository is 404, though another repository has it.
#[test]
fn a_blob_that_is_not_in_the_repository_is_not_found() {
    let owner = Repository::new("pull/owner");
    let digest = owner.push_blob("owned");
    let other = Repository::on(&owner.shared, "pull/other");
    let path = format!("blobs/{digest}");
    let look = || {
        other.get(&path).is(404);
        other.head(&path).is(404);
    };
    look();
    other.push_image("v1");
    look();
}

/// Pulling blobs: `Range` is understood as HTTP has it: parts from the front, the middle and the end, 416 with the size
/// where there is nothing, and what makes no sense is as if it were not there.
#[test]
fn a_part_of_a_blob_is_given() {
    let repository = Repository::new("pull/range");
    let digest = repository.push_blob("0123456789");
    let path = format!("blobs/{digest}");
    let ask = |range: &str| repository.send("GET", &path, &[("Range", range)], "");
    for (range, part, place) in [
        ("bytes=0-0", "0", "bytes 0-0/10"),
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=5-99", "56789", "bytes 5-9/10"),
        ("bytes=-99", "0123456789", "bytes 0-9/10"),
    ] {
        let answer = ask(range).is(206);
        assert_eq!(answer.body, part.as_bytes(), "{range}");
        assert_eq!(answer.need("content-range"), place);
        assert_eq!(answer.need("docker-content-digest"), digest);
    }
    for range in ["bytes=10-", "bytes=10-20", "bytes=-0"] {
        assert_eq!(
            ask(range).is(416).need("content-range"),
            "bytes */10",
            "{range}"
        );
    }
    for range in ["bytes=4-2", "lines=1-2", "bytes=a-b", "bytes"] {
        let answer = ask(range);
        assert!([200, 416].contains(&answer.status), "{range}: {answer:?}");
    }
    assert_eq!(repository.get(&path).need("accept-ranges"), "bytes");
}

/// Pulling blobs: a part is asked for on condition, so that two halves are of one content.
#[test]
fn a_part_of_another_content_is_not_given() {
    let repository = Repository::new("pull/if-range");
    let path = format!("blobs/{}", repository.push_blob("0123456789"));
    let etag = repository.get(&path).need("etag").to_owned();
    let ask = |condition: &str| {
        repository.send(
            "GET",
            &path,
            &[("Range", "bytes=5-"), ("If-Range", condition)],
            "",
        )
    };
    assert_eq!(ask(&etag).is(206).body, b"56789");
    assert_eq!(ask("\"another\"").is(200).body, b"0123456789");
}
