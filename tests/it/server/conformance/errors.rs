//! Section "Error Codes".

use super::repository::{IMAGE, Repository, Shared, sha256};
use super::wire::Answer;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

/// The codes there are; after them the one for tags that the section on legacy codes has, and Azure's own for locks.
const CODES: [&str; 16] = [
    "BLOB_UNKNOWN",
    "BLOB_UPLOAD_INVALID",
    "BLOB_UPLOAD_UNKNOWN",
    "DIGEST_INVALID",
    "MANIFEST_BLOB_UNKNOWN",
    "MANIFEST_INVALID",
    "MANIFEST_UNKNOWN",
    "NAME_INVALID",
    "NAME_UNKNOWN",
    "SIZE_INVALID",
    "UNAUTHORIZED",
    "DENIED",
    "UNSUPPORTED",
    "TOOMANYREQUESTS",
    "TAG_INVALID",
    "REGISTRY_DISALLOWED_OPERATION",
];

/// A JSON body has a list of errors, each with a code of the list, in capitals and underscores, and a message.
#[track_caller]
fn is_well_formed(answer: &Answer) {
    assert!((400..500).contains(&answer.status), "{answer:?}");
    assert!(answer.need("content-type").starts_with("application/json"));
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 1);
    let errors = body["errors"].as_array().unwrap();
    assert!(!errors.is_empty());
    for error in errors {
        let code = error["code"].as_str().unwrap();
        assert!(CODES.contains(&code), "{code}");
        let message = error["message"].as_str().unwrap();
        assert!(!message.is_empty() && !message.contains('\n'));
        for member in error.as_object().unwrap().keys() {
            assert!(["code", "message", "detail"].contains(&member.as_str()));
        }
    }
}

/// Every refusal has the form and the code of what is wrong.
#[test]
fn refusals_have_their_form_and_their_code() {
    let repository = Repository::new("errors/codes");
    repository.push_image("v1");
    let blob = repository.push_blob("0123456789");
    let (missing, upload) = (sha256("missing"), repository.begin());
    let image = repository.image("x").to_string();
    let call = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        repository.send(method, path, headers, body)
    };
    let foreign = Repository::on(&repository.shared, "errors/absent");
    for (answer, status, code) in [
        (
            call("GET", "manifests/absent", &[], ""),
            404,
            "MANIFEST_UNKNOWN",
        ),
        (
            call("GET", "manifests/.x", &[], ""),
            404,
            "MANIFEST_UNKNOWN",
        ),
        (
            call("DELETE", &format!("manifests/{missing}"), &[], ""),
            404,
            "MANIFEST_UNKNOWN",
        ),
        (
            call("GET", &format!("blobs/{missing}"), &[], ""),
            404,
            "BLOB_UNKNOWN",
        ),
        (
            call("GET", "blobs/sha256:x", &[], ""),
            400,
            "DIGEST_INVALID",
        ),
        (
            call(
                "GET",
                &format!("blobs/{blob}"),
                &[("Range", "bytes=10-")],
                "",
            ),
            416,
            "SIZE_INVALID",
        ),
        (
            call("PATCH", &upload, &[("Content-Range", "5-6")], "xx"),
            416,
            "BLOB_UPLOAD_INVALID",
        ),
        (
            call("PATCH", &upload, &[("Content-Range", "0-9")], "xx"),
            400,
            "SIZE_INVALID",
        ),
        (
            call("PATCH", &upload, &[("Content-Range", "x")], "xx"),
            400,
            "BLOB_UPLOAD_INVALID",
        ),
        (call("PUT", &upload, &[], ""), 400, "DIGEST_INVALID"),
        (
            call("GET", "blobs/uploads/absent", &[], ""),
            404,
            "BLOB_UPLOAD_UNKNOWN",
        ),
        (
            call("PUT", "manifests/v2", &[("Content-Type", IMAGE)], "{}"),
            400,
            "MANIFEST_INVALID",
        ),
        (
            call(
                "PUT",
                "manifests/v2",
                &[("Content-Type", "text/plain")],
                &image,
            ),
            400,
            "MANIFEST_INVALID",
        ),
        (
            call("PUT", "manifests/-", &[("Content-Type", IMAGE)], &image),
            400,
            "TAG_INVALID",
        ),
        (call("GET", "tags/list?n=x", &[], ""), 400, "UNSUPPORTED"),
        (call("GET", "referrers/x", &[], ""), 400, "DIGEST_INVALID"),
        (call("POST", "manifests/v1", &[], ""), 405, "UNSUPPORTED"),
        (foreign.get("tags/list"), 404, "NAME_UNKNOWN"),
        (foreign.get("manifests/v1"), 404, "NAME_UNKNOWN"),
        (
            call("GET", "/v2/errors/absent/tags/list", &[], ""),
            401,
            "UNAUTHORIZED",
        ),
        (call("GET", "/v2/_catalog", &[], ""), 401, "UNAUTHORIZED"),
    ] {
        is_well_formed(&answer);
        assert_eq!((answer.status, answer.code().as_str()), (status, code));
    }
}

/// A refusal of a request that nobody may send has the form too: too long a header, no length, a broken body.
#[test]
fn refusals_of_broken_requests_have_no_other_form() {
    let repository = Repository::new("errors/broken");
    let long = "x".repeat(200 * 1024);
    for answer in [
        repository.send("GET", "manifests/v1", &[("X-Long", &long)], ""),
        repository.send("GET", &format!("manifests/v1?x={long}"), &[], ""),
        repository.send("PUT", "manifests/v1", &[("Content-Encoding", "gzip")], "x"),
    ] {
        assert!((400..500).contains(&answer.status), "{answer:?}");
        if answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("application/json"))
        {
            is_well_formed(&answer);
        }
    }
}

/// 429 tells when to come back.
#[test]
fn too_many_requests_say_when_to_come_back() {
    let shared = Shared::get();
    let proof = format!("Basic {}", STANDARD.encode("guessed-at:wrong"));
    let headers = [("Authorization", proof.as_str())];
    let refused = (0..100)
        .map(|_| shared.send(("GET", "/v2/"), &headers, b""))
        .find(|answer| answer.status == 429)
        .expect("guesses come to an end");
    is_well_formed(&refused);
    assert_eq!(refused.code(), "TOOMANYREQUESTS");
    let seconds: Value = serde_json::from_str(refused.need("retry-after")).unwrap();
    assert!(seconds.as_u64().is_some_and(|seconds| seconds > 0));
}
