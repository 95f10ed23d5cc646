//! Section "Cancel a blob upload".

use crate::server::conformance::repository::{Repository, sha256};

/// DELETE of an upload, begun or under way, is answered with 204; after it there is no upload, and what it had
/// received is no blob.
#[test]
fn an_upload_is_given_up() {
    let repository = Repository::new("cancel/upload");
    let begun = repository.begin();
    let under_way = repository.patch(&repository.begin(), "0-2", "abc");
    for location in [begun, under_way] {
        let headers = [("Content-Length", "0")];
        repository.send("DELETE", &location, &headers, "").is(204);
        repository.get(&location).is(404);
        repository
            .send("PATCH", &location, &[("Content-Range", "3-5")], "def")
            .is(404);
        let target = format!("{location}?digest={}", sha256("abc"));
        repository.send("PUT", &target, &[], "").is(404);
        repository.delete(&location).is(404);
    }
    repository.get(&format!("blobs/{}", sha256("abc"))).is(404);
}

/// A blob that is finished cannot be given up by its upload.
#[test]
fn a_finished_upload_is_over() {
    let repository = Repository::new("cancel/finished");
    let location = repository.begin();
    let target = format!("{location}?digest={}", sha256("abc"));
    let done = repository.send("PUT", &target, &[], "abc").is(201);
    repository.delete(&location).is(404);
    repository.has_blob(done.need("location"), "abc");
}
