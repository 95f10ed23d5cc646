//! Section "Pushing a blob in chunks".

use crate::server::conformance::repository::{Repository, sha256, sha512};

/// Each chunk is answered with 202, `Location` and how far the upload is, the last one comes with a PATCH or with the
/// PUT, and the session is closed with 201 and a `Location` from which the blob can be pulled.
#[test]
fn a_blob_is_pushed_in_chunks() {
    let repository = Repository::new("chunks/whole");
    for last_in_put in ["", "cdef"] {
        let mut location = repository.begin();
        let mut sent = 0;
        for chunk in ["01234", "56789", "ab", "cdef"] {
            if chunk == last_in_put {
                break;
            }
            let range = format!("{sent}-{}", sent + chunk.len() - 1);
            let headers = [
                ("Content-Range", range.as_str()),
                ("Content-Type", "application/octet-stream"),
            ];
            let answer = repository.send("PATCH", &location, &headers, chunk).is(202);
            sent += chunk.len();
            assert_eq!(answer.need("range"), format!("0-{}", sent - 1));
            location = answer.need("location").to_owned();
        }
        let range = format!("{sent}-{}", 15);
        let headers: &[_] = match last_in_put {
            "" => &[],
            _ => &[("Content-Range", range.as_str())],
        };
        let target = format!("{location}?digest={}", sha256("0123456789abcdef"));
        let done = repository
            .send("PUT", &target, headers, last_in_put)
            .is(201);
        repository.has_blob(done.need("location"), "0123456789abcdef");
    }
}

/// The first request has no content and is answered with 202; a registry that takes chunks of every size names no
/// smallest one, and the last chunk has any length.
#[test]
fn chunks_of_one_byte_are_taken() {
    let repository = Repository::new("chunks/small");
    let headers = [("Content-Length", "0")];
    let begun = repository
        .send("POST", "blobs/uploads/", &headers, "")
        .is(202);
    assert_eq!(begun.header("oci-chunk-min-length"), None);
    let mut location = begun.need("location").to_owned();
    for (at, byte) in ["a", "b", "c"].into_iter().enumerate() {
        location = repository.patch(&location, &format!("{at}-{at}"), byte);
    }
    let target = format!("{location}?digest={}", sha256("abc"));
    repository.send("PUT", &target, &[], "").is(201);
}

/// `digest-algorithm` says which hash will name the blob; one that is not supported is refused with 400.
#[test]
fn the_algorithm_is_said_before_the_content() {
    let repository = Repository::new("chunks/algorithm");
    let begun = repository
        .post("blobs/uploads/?digest-algorithm=sha512")
        .is(202);
    let location = repository.patch(begun.need("location"), "0-2", "abc");
    let target = format!("{location}?digest={}", sha512("abcdef"));
    let done = repository
        .send("PUT", &target, &[("Content-Range", "3-5")], "def")
        .is(201);
    assert_eq!(done.need("docker-content-digest"), sha512("abcdef"));
    repository.has_blob(done.need("location"), "abcdef");
    let refused = repository
        .post("blobs/uploads/?digest-algorithm=md5")
        .is(400);
    assert_eq!(refused.code(), "DIGEST_INVALID");
}

/// The parameter is a SHOULD of the client: a digest by another hash is taken without it too.
#[test]
fn the_algorithm_may_be_said_at_the_end() {
    let repository = Repository::new("chunks/late-algorithm");
    let location = repository.patch(&repository.begin(), "0-2", "abc");
    let target = format!("{location}?digest={}", sha512("abc"));
    let done = repository.send("PUT", &target, &[], "").is(201);
    repository.has_blob(done.need("location"), "abc");
}

/// A chunk that does not begin where the last one ended is refused with 416, whether it leaves a gap or comes twice;
/// the upload is as it was, and GET tells with 204 where to go on.
#[test]
fn a_chunk_out_of_order_is_refused() {
    let repository = Repository::new("chunks/order");
    let location = repository.begin();
    let send = |method: &str, target: &str, range: &str| {
        repository.send(method, target, &[("Content-Range", range)], "xyz")
    };
    send("PATCH", &location, "3-5").is(416);
    let location = repository.patch(&location, "0-2", "abc");
    for range in ["0-2", "4-6", "2-4"] {
        send("PATCH", &location, range).is(416);
        let target = format!("{location}?digest={}", sha256("abcxyz"));
        send("PUT", &target, range).is(416);
        let status = repository.get(&location).is(204);
        assert_eq!(status.need("range"), "0-2");
        assert!(!status.need("location").is_empty());
    }
    let next = repository
        .get(&location)
        .is(204)
        .need("location")
        .to_owned();
    let location = repository.patch(&next, "3-5", "def");
    let target = format!("{location}?digest={}", sha256("abcdef"));
    let done = repository.send("PUT", &target, &[], "").is(201);
    repository.has_blob(done.need("location"), "abcdef");
}

/// A range has both ends and no unit, and as many bytes as the chunk; another one is refused and takes nothing.
#[test]
fn a_range_is_that_of_the_chunk() {
    let repository = Repository::new("chunks/range");
    let location = repository.begin();
    for bad in [
        "bytes 0-2/3",
        "0-",
        "-2",
        "a-b",
        "2-0",
        "0-2,3-5",
        "0-5",
        "0-1",
    ] {
        let answer = repository.send("PATCH", &location, &[("Content-Range", bad)], "abc");
        assert!([400, 416].contains(&answer.status), "{bad}: {answer:?}");
    }
    let location = repository.patch(&location, "0-2", "abc");
    let target = format!("{location}?digest={}", sha256("abc"));
    repository.send("PUT", &target, &[], "").is(201);
}

/// A client that streams knows no range: chunks without one follow each other.
#[test]
fn a_chunk_without_a_range_follows_the_last_one() {
    let repository = Repository::new("chunks/stream");
    let mut location = repository.begin();
    for chunk in ["abc", "def"] {
        let answer = repository.send("PATCH", &location, &[], chunk).is(202);
        location = answer.need("location").to_owned();
    }
    let streamed = [("Transfer-Encoding", "chunked")];
    let answer = repository
        .send("PATCH", &location, &streamed, "3\r\nghi\r\n0\r\n\r\n")
        .is(202);
    assert_eq!(answer.need("range"), "0-8");
    let target = format!("{}?digest={}", answer.need("location"), sha256("abcdefghi"));
    repository.send("PUT", &target, &[], "").is(201);
}

/// The closing request names the digest of the whole blob: without one, with a malformed one or with that of the last
/// chunk it is refused, and nothing is stored.
#[test]
fn a_session_is_closed_with_the_digest_of_the_whole() {
    let repository = Repository::new("chunks/close");
    for query in [
        String::new(),
        "?digest=".to_owned(),
        "?digest=sha256:abc".to_owned(),
        format!("?digest={}", sha256("def")),
    ] {
        let location = repository.patch(&repository.begin(), "0-2", "abc");
        let range = [("Content-Range", "3-5")];
        let refused = repository.send("PUT", &format!("{location}{query}"), &range, "def");
        assert_eq!(refused.is(400).code(), "DIGEST_INVALID", "{query}");
    }
    for part in ["abc", "def", "abcdef"] {
        repository.get(&format!("blobs/{}", sha256(part))).is(404);
    }
}

/// The status of an upload is 204 with `Location` and `Range`; an upload that is unknown, over, or of another
/// repository is 404 whatever is asked of it.
#[test]
fn an_upload_tells_how_far_it_is() {
    let repository = Repository::new("chunks/status");
    let other = Repository::on(&repository.shared, "chunks/status-of-another");
    let location = repository.begin();
    let fresh = repository.get(&location).is(204);
    assert_eq!(fresh.need("range"), "0-0");
    let location = repository.patch(&location, "0-4", "01234");
    let status = repository.get(&location).is(204);
    assert_eq!(status.need("range"), "0-4");
    let target = format!("{}?digest={}", status.need("location"), sha256("01234"));
    repository.send("PUT", &target, &[], "").is(201);
    let foreign = other.begin().replace("status-of-another", "status");
    let unknown =
        location.rsplit_once('/').unwrap().0.to_owned() + "/6f1d1a3e-0000-4000-8000-000000000000";
    for gone in [location.as_str(), foreign.as_str(), unknown.as_str()] {
        for method in ["GET", "PATCH", "PUT", "DELETE"] {
            let target = format!("{gone}?digest={}", sha256(""));
            repository.send(method, &target, &[], "").is(404);
        }
    }
}
