//! Sections "Pushing blobs" and "Pushing a blob monolithically".

use crate::server::conformance::repository::{Repository, sha256, sha512};

/// POST then PUT: POST is answered with 202 and a `Location` with an id of its own; PUT there with 201 and a `Location`
/// from which the blob can be pulled.
#[test]
fn a_blob_is_pushed_with_two_requests() {
    let repository = Repository::new("push/post-put");
    let location = repository.begin();
    let another = repository.begin();
    let id = |location: &str| {
        location
            .rsplit('/')
            .next()
            .unwrap()
            .parse::<uuid::Uuid>()
            .unwrap()
    };
    assert_ne!(
        id(&location),
        id(&another),
        "each upload has an id of its own"
    );
    let digest = sha256("content");
    let headers = [("Content-Type", "application/octet-stream")];
    let target = format!("{location}?digest={digest}");
    let done = repository.send("PUT", &target, &headers, "content").is(201);
    repository.has_blob(done.need("location"), "content");
    assert_eq!(done.need("docker-content-digest"), digest);
}

/// POST then PUT: the location is good for the request it was made for, whatever other uploads do.
#[test]
fn uploads_do_not_touch_each_other() {
    let repository = Repository::new("push/two-uploads");
    let locations = [repository.begin(), repository.begin()];
    for (location, content) in locations.iter().zip(["one", "two"]) {
        repository.patch(location, "0-2", content);
    }
    for (location, content) in locations.iter().zip(["one", "two"]) {
        let target = format!("{location}?digest={}", sha256(content));
        let done = repository.send("PUT", &target, &[], "").is(201);
        repository.has_blob(done.need("location"), content);
    }
}

/// POST then PUT: a blob of any size comes in one request. There are registries that stop at 20 megabytes.
#[test]
fn a_large_blob_is_pushed_with_one_request() {
    let repository = Repository::new("push/large");
    let content = vec![7; 32 << 20];
    let target = format!("{}?digest={}", repository.begin(), sha256(&content));
    let done = repository.send("PUT", &target, &[], &content).is(201);
    let head = repository.head(done.need("location")).is(200);
    assert_eq!(head.need("content-length"), content.len().to_string());
}

/// Single POST: it is supported, so the answer is 201 with a `Location` from which the blob can be pulled.
#[test]
fn a_blob_is_pushed_with_one_request() {
    let repository = Repository::new("push/post");
    for (content, digest) in [
        ("one", sha256("one")),
        ("two", sha512("two")),
        ("", sha256("")),
    ] {
        let path = format!("blobs/uploads/?digest={digest}");
        let done = repository.send("POST", &path, &[], content).is(201);
        repository.has_blob(done.need("location"), content);
        assert_eq!(done.need("docker-content-digest"), digest);
    }
}

/// Single POST, and PUT: the digest is that of the content, or nothing is stored.
#[test]
fn a_blob_with_the_digest_of_another_one_is_refused() {
    let repository = Repository::new("push/other-digest");
    for said in [sha256("other"), sha512("other")] {
        let path = format!("blobs/uploads/?digest={said}");
        let refused = repository.send("POST", &path, &[], "content").is(400);
        assert_eq!(refused.code(), "DIGEST_INVALID");
        let target = format!("{}?digest={said}", repository.begin());
        let refused = repository.send("PUT", &target, &[], "content").is(400);
        assert_eq!(refused.code(), "DIGEST_INVALID");
        repository.get(&format!("blobs/{said}")).is(404);
    }
    repository
        .get(&format!("blobs/{}", sha256("content")))
        .is(404);
}

/// Single POST: `Content-Length` is the length of the content: of a request that breaks off before it nothing is stored.
#[test]
fn a_blob_that_is_shorter_than_it_said_is_not_stored() {
    let repository = Repository::new("push/short");
    let path = format!(
        "/v2/{}/blobs/uploads/?digest={}",
        repository.name,
        sha256("content")
    );
    let host = format!(
        "conformance.localhost:{}",
        repository.shared.address().port()
    );
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {}\r\nContent-Length: 100\r\n\r\ncontent",
        repository.authorization
    );
    let mut stream = std::net::TcpStream::connect(repository.shared.address()).unwrap();
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut rest = Vec::new();
    let _ = std::io::Read::read_to_end(&mut stream, &mut rest);
    assert!(
        !rest.starts_with(b"HTTP/1.1 201"),
        "{}",
        String::from_utf8_lossy(&rest)
    );
    repository
        .get(&format!("blobs/{}", sha256("content")))
        .is(404);
}

/// Pushing blobs: a digest that is none, or of an algorithm that is not supported, is refused with 400.
#[test]
fn a_digest_that_cannot_be_checked_is_refused() {
    let repository = Repository::new("push/bad-digest");
    let upper = sha256("x").to_uppercase();
    let md5 = "md5:d41d8cd98f00b204e9800998ecf8427e";
    for bad in [
        "sha256:abc",
        "sha256",
        "x",
        ":",
        md5,
        "blake3:00",
        upper.as_str(),
    ] {
        let post = format!("blobs/uploads/?digest={bad}");
        let refused = repository.send("POST", &post, &[], "x").is(400);
        assert_eq!(refused.code(), "DIGEST_INVALID", "{bad}");
        let put = format!("{}?digest={bad}", repository.begin());
        repository.send("PUT", &put, &[], "x").is(400);
    }
}
