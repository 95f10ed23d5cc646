//! Sections "Determining Support" and "Endpoints", and what HTTP itself asks (RFC 9110) where they are silent.

use super::repository::{Repository, Shared};

/// Determining Support: `/v2/` is 200 for who may come in, 401 with a challenge for others.
#[test]
fn the_registry_says_what_it_is() {
    let repository = Repository::new("endpoints/support");
    for path in ["/v2/", "/v2"] {
        for method in ["GET", "HEAD"] {
            repository.send(method, path, &[], "").is(200);
            let refused = repository.shared.send((method, path), &[], b"").is(401);
            assert!(refused.need("www-authenticate").starts_with("Bearer "));
        }
    }
}

/// RFC 9110, 15.5.6: a method that a path does not have is 405, with those it has in `Allow`.
#[test]
fn a_method_that_is_not_there_is_refused() {
    let repository = Repository::new("endpoints/method");
    for (method, path, allowed) in [
        ("POST", "manifests/v1", "GET, HEAD, PUT, DELETE"),
        ("PUT", "blobs/sha256:x", "GET, HEAD, DELETE"),
        ("DELETE", "tags/list", "GET, HEAD"),
        ("POST", "referrers/sha256:x", "GET, HEAD"),
        ("GET", "blobs/uploads/", "POST"),
        ("POST", "blobs/uploads/x", "GET, PATCH, PUT, DELETE"),
        ("DELETE", "/v2/", "GET, HEAD"),
    ] {
        let refused = repository.send(method, path, &[], "").is(405);
        assert_eq!(refused.need("allow"), allowed, "{method} {path}");
        assert_eq!(refused.code(), "UNSUPPORTED");
    }
}

/// A path that is none of the API is 404, whoever asks.
#[test]
fn a_path_that_is_not_there_is_not_found() {
    let repository = Repository::new("endpoints/path");
    for path in [
        "/v2/x",
        "/v2/x/y",
        "/v1/",
        "/v2/a/manifests/",
        "/v2/a/blobs/",
        "/v3/",
    ] {
        repository.get(path).is(404);
        repository.shared.send(("GET", path), &[], b"").is(404);
    }
}

/// RFC 9110, 13.1.2: what a client has already is not sent again.
#[test]
fn what_the_client_has_is_not_sent() {
    let repository = Repository::new("endpoints/conditional");
    let manifest = repository.push_image("v1");
    let blob = repository.push_blob("blob");
    for path in [
        format!("manifests/{manifest}"),
        "manifests/v1".to_owned(),
        format!("blobs/{blob}"),
    ] {
        let etag = repository.get(&path).is(200).need("etag").to_owned();
        for known in [etag.as_str(), "*", &format!("\"x\", {etag}")] {
            let answer = repository
                .send("GET", &path, &[("If-None-Match", known)], "")
                .is(304);
            assert!(answer.body.is_empty());
        }
        repository
            .send("GET", &path, &[("If-None-Match", "\"x\"")], "")
            .is(200);
    }
}

/// A token opens the repository and the actions it names, and nothing beside them; what is missing is told.
#[test]
fn a_token_opens_what_it_names() {
    let owner = Repository::new("endpoints/token");
    owner.push_image("v1");
    let reader = Repository {
        authorization: owner.shared.token(&["repository:endpoints/token:pull"]),
        name: owner.name.clone(),
        shared: owner.shared.clone(),
    };
    reader.get("manifests/v1").is(200);
    for (method, path, scope) in [
        (
            "PUT",
            "manifests/v1",
            "repository:endpoints/token:pull,push",
        ),
        (
            "POST",
            "blobs/uploads/",
            "repository:endpoints/token:pull,push",
        ),
        (
            "DELETE",
            "manifests/v1",
            "repository:endpoints/token:delete",
        ),
        (
            "GET",
            "/v2/endpoints/other/tags/list",
            "repository:endpoints/other:pull",
        ),
    ] {
        let refused = reader.send(method, path, &[], "{}").is(401);
        let challenge = refused.need("www-authenticate");
        assert!(
            challenge.contains(&format!("scope=\"{scope}\"")),
            "{challenge}"
        );
        assert_eq!(refused.code(), "UNAUTHORIZED");
    }
    owner.get("manifests/v1").is(200);
}

/// The answer to HEAD is that to GET without its body, for what is refused too.
#[test]
fn head_is_get_without_a_body() {
    let shared = Shared::get();
    for path in ["/v2/", "/v2/nothing/manifests/v1", "/v2/nothing/tags/list"] {
        let get = shared.send(("GET", path), &[], b"");
        let head = shared.send(("HEAD", path), &[], b"");
        assert_eq!(get.status, head.status);
        assert_eq!(get.header("content-type"), head.header("content-type"));
    }
}
